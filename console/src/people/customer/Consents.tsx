// What the customer agreed to, newest first; each opens its wording and, where proofs are kept, its proof.
import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { Row } from "../../api/types";
import { State, Tag } from "../../lists/values";
import { ErrorState } from "../../parts/ErrorState";
import { Down, Right } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Time } from "../../parts/Time";
import { t, told } from "../../words";
import ConsentDetail from "../consents/ConsentDetail";
import { Section } from "../Section";
import { More } from "./RowsTable";
import { useRows, type Whole } from "./useCustomer";

export function Consents({ whole }: { whole: Whole }) {
  const found = useRows(whole, "consents");
  return (
    <Section title={t("tab.consents")}>
      {found.rows.length === 0 && <p className="dimmed">{t("customer.no_consents")}</p>}
      <ul className="consents">
        {found.rows.map((row) => (
          <li key={row.id}>
            <Given row={row} />
          </li>
        ))}
      </ul>
      <More found={found} />
    </Section>
  );
}

function Given({ row }: { row: Row }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <UnstyledButton className="consent" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <Down size={15} /> : <Right size={15} />}
        <span className="consent-what">
          <bdi>{String(row.consent)}</bdi> <State name={String(row.status)} />{" "}
          {row.current === true && <Tag tone="told">{t("col.current")}</Tag>}
          <small>
            <Time at={row.created_at} as="moment" />
            {row.channel ? ` · ${told("channel", String(row.channel))}` : ""}
            {row.text_version ? ` · ${t("consent.version", { version: String(row.text_version) })}` : ""}
          </small>
        </span>
      </UnstyledButton>
      {open && <Opened id={row.id} />}
    </>
  );
}

/** The wording is read with the one record. */
function Opened({ id }: { id: string }) {
  const record = useQuery<Row>({
    queryKey: ["record", "consents", id],
    queryFn: async ({ signal }) =>
      (await answer(
        api.GET("/v1/records/{kind}/{id}", { params: { path: { kind: "consents", id } }, signal }),
      )) as unknown as Row,
  });
  if (record.error) return <ErrorState error={record.error} retry={record.refetch} />;
  return record.data ? <ConsentDetail row={record.data} facts /> : <Loading />;
}
