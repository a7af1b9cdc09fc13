// One customer: everything that is kept of a person, and what can be done with it. The address is in the title only,
// never in the browser's history.
import { Alert, Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { useMe } from "../api/queries";
import { Page } from "../frame/Page";
import { NotAllowed } from "../pages/NotAllowed";
import { ErrorState } from "../parts/ErrorState";
import { Bin } from "../parts/icons";
import { Loading } from "../parts/Loading";
import { Gone, Time } from "../parts/Time";
import { t } from "../words";
import { Consents } from "./customer/Consents";
import { Files } from "./customer/Files";
import { LogEntries } from "./customer/LogEntries";
import { Packages } from "./customer/Packages";
import { Personal } from "./customer/Personal";
import { Points } from "./customer/Points";
import { Promotions } from "./customer/Promotions";
import { Timeline } from "./customer/Timeline";
import { type Whole as All, useCustomer } from "./customer/useCustomer";
import "./people.css";

const Erase = lazy(() => import("./customer/Erase"));
const Erasing = lazy(() => import("./customer/Erasing"));

export default function Customer() {
  const { id = "" } = useParams();
  const [search] = useSearchParams();
  const me = useMe();
  const job = search.get("job");
  if (job)
    return (
      <Page title={t("erase.title")}>
        <Suspense fallback={<Loading />}>
          <Erasing job={job} />
        </Suspense>
      </Page>
    );
  if (!me.may("reveal") && !me.may("erase")) return <NotAllowed title={t("one.customers")} needs="viewer" />;
  return <Whole key={id} id={id} erase={search.has("erase")} />;
}

function Whole({ id, erase }: { id: string; erase: boolean }) {
  const found = useCustomer(id);
  const [, setSearch] = useSearchParams();
  const [kept, setKept] = useState(false); // thought better of it: the focus is where it began
  const me = useMe();
  const keep = () => {
    setKept(true);
    setSearch({}, { replace: true });
  };
  if (found.error)
    return (
      <Page title={t("one.customers")}>
        <ErrorState error={found.error} retry={found.refetch} />
      </Page>
    );
  if (!found.data) return <Loading />;
  const whole = found.data;
  const open = me.may("erase") && !erase && (
    <Button
      size="xs"
      color="red"
      variant="outline"
      leftSection={<Bin size={15} />}
      autoFocus={kept}
      onClick={() => setSearch({ erase: "1" })}
    >
      {t("erase.open")}
    </Button>
  );
  return (
    <Page
      title={whole.customer.masked ? t("customer.hidden") : (whole.customer.email ?? "")}
      tab={t("one.customers")}
      promise={<Kept whole={whole} />}
      actions={open}
    >
      {whole.customer.masked && (
        <Alert color="gray" className="masked-notice">
          {t("user.masked")}
        </Alert>
      )}
      {erase && me.may("erase") && (
        <Suspense fallback={<Loading />}>
          <Erase id={id} onClose={keep} />
        </Suspense>
      )}
      <Parts whole={whole} />
    </Page>
  );
}

function Kept({ whole }: { whole: All }) {
  const { customer } = whole;
  return (
    <>
      {t("col.registered_at")} <Time at={customer.registered_at} as="moment" /> · {t("col.last_active_at")}{" "}
      <Time at={customer.last_active_at} /> · {t("customer.gone")} <Gone at={customer.expires_at} />
    </>
  );
}

function Parts({ whole }: { whole: All }) {
  const me = useMe();
  return (
    <div className="customer">
      <div className="customer-side">
        <Personal whole={whole} />
        <Consents whole={whole} />
        <Files whole={whole} />
        {me.may("package") && <Packages whole={whole} />}
      </div>
      <div className="customer-main">
        <Points whole={whole} />
        <Promotions whole={whole} />
        <Timeline whole={whole} />
        <LogEntries whole={whole} />
      </div>
    </div>
  );
}
