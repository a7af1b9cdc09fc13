// What is held of the person who was looked up, and the ways on.
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { answer, api } from "../../api/client";
import { useMe } from "../../api/queries";
import { ErrorState } from "../../parts/ErrorState";
import { Loading } from "../../parts/Loading";
import { Gone } from "../../parts/Time";
import { t } from "../../words";
import { Proofs } from "../consents/Proofs";
import { Counts } from "../customer/Erase";
import { ReceiptFacts } from "../receipts/ReceiptFacts";
import type { Found } from "./LookUp";

export function Held({ found }: { found: Found }) {
  const { person, receipts, email } = found;
  const me = useMe();
  return (
    <div className="held">
      {person ? (
        <Living id={person.id} email={email} until={person.expires_at} />
      ) : (
        <p>
          <strong>{t("gdpr.nobody")}</strong> {t("gdpr.nobody_lead")}
        </p>
      )}
      {receipts && receipts.length > 0 && (
        <>
          <h3>{t("gdpr.erased_before", { count: receipts.length })}</h3>
          {receipts.map((receipt) => (
            <details key={receipt.id} className="receipt-line">
              <summary>
                {t("receipt.one")} {receipt.number}
              </summary>
              <ReceiptFacts receipt={receipt} />
            </details>
          ))}
        </>
      )}
      {me.may("proofs") && (
        <>
          <h3>{t("consent.proof")}</h3>
          <Proofs of={{ email }} />
        </>
      )}
    </div>
  );
}

function Living({ id, email, until }: { id: string; email: string; until: string }) {
  const me = useMe();
  const preview = useQuery({
    queryKey: ["erasure", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/customers/{id}/erasure", { params: { path: { id } }, signal })),
    staleTime: 0,
  });
  return (
    <>
      <p>
        <strong>
          <bdi>{email}</bdi>
        </strong>{" "}
        · {t("customer.gone")} <Gone at={until} />
      </p>
      {preview.error ? (
        <ErrorState error={preview.error} retry={preview.refetch} />
      ) : preview.data ? (
        <Counts counts={{ ...(preview.data.erased as Counted), ...(preview.data.nameless as Counted) }} />
      ) : (
        <Loading />
      )}
      <Group gap="xs" mt="sm">
        <Button component={Link} to={`/customers/${id}`} size="xs" variant="default">
          {t(me.may("package") ? "gdpr.open_packages" : "list.to_customer")}
        </Button>
        <Button component={Link} to={`/customers/${id}?erase=1`} size="xs" variant="outline" color="red">
          {t("erase.open")}
        </Button>
      </Group>
    </>
  );
}

type Counted = Record<string, number>;
