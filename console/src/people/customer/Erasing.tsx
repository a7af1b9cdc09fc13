// An erasure that was asked for: hidden already, removed within minutes, then its receipt. The address of this page
// names the job only, so it can be opened again.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { answer, api } from "../../api/client";
import { useMe } from "../../api/queries";
import { ErrorState } from "../../parts/ErrorState";
import { Loading } from "../../parts/Loading";
import { t } from "../../words";
import { JobProgress } from "../JobProgress";
import { ReceiptFacts } from "../receipts/ReceiptFacts";
import { Section } from "../Section";
import { useJob } from "../useJob";

export default function Erasing({ job: id }: { job: string }) {
  const job = useJob(id);
  if (job.error) return <ErrorState error={job.error} retry={job.refetch} />;
  if (!job.data) return <Loading />;
  const done = job.data.state === "done";
  return (
    <Section title={t(done ? "erase.done" : "erase.hidden")} lead={done ? undefined : t("erase.hidden_lead")}>
      <JobProgress job={job.data} label={t("erase.removing")} />
      {done && <Receipt id={id} />}
      <Button component={Link} to="/customers" variant="default" mt="md">
        {t("erase.back")}
      </Button>
    </Section>
  );
}

function Receipt({ id }: { id: string }) {
  const may = useMe().may("receipts");
  const receipt = useQuery({
    queryKey: ["receipt", id],
    enabled: may,
    queryFn: ({ signal }) => answer(api.GET("/v1/receipts/{id}", { params: { path: { id } }, signal })),
  });
  if (!may)
    return (
      <p role="status">
        {t("erase.receipt_elsewhere")} <code className="mono">{id}</code>
      </p>
    );
  if (receipt.error) return <ErrorState error={receipt.error} retry={receipt.refetch} />;
  return receipt.data ? <ReceiptFacts receipt={receipt.data} /> : <Loading />;
}
