// An erasure that was asked for: hidden already, removed within minutes, then its receipt. The address of this page
// names the job only, so it can be opened again.
import { Button } from "@mantine/core";
import { Link } from "react-router";
import { useMe } from "../../api/queries";
import { useJob } from "../../jobs/following";
import { ErrorState } from "../../parts/ErrorState";
import { Loading } from "../../parts/Loading";
import { t } from "../../words";
import { JobProgress } from "../JobProgress";
import { ReceiptFacts } from "../receipts/ReceiptFacts";
import { useReceipt } from "../receipts/useReceipt";
import { Section } from "../Section";

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
  const receipt = useReceipt(id);
  if (!may)
    return (
      <p role="status">
        {t("erase.receipt_elsewhere")} <code className="mono">{id}</code>
      </p>
    );
  if (receipt.error) return <ErrorState error={receipt.error} retry={receipt.refetch} />;
  return receipt.data ? <ReceiptFacts receipt={receipt.data} /> : <Loading />;
}
