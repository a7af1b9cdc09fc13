// After a delete-all: hidden already; how far the removal is, and its receipt.
import { Anchor, Button, Group, Text } from "@mantine/core";
import { useEffect } from "react";
import { Link } from "react-router";
import type { KindName } from "../api/types";
import { number } from "../format/numbers";
import { useAway } from "../jobs/away";
import { useJob } from "../jobs/following";
import { JobState } from "../jobs/JobLine";
import { ErrorState } from "../parts/ErrorState";
import { Time } from "../parts/Time";
import { useReceipt } from "../people/receipts/useReceipt";
import { t, told } from "../words";

interface Started {
  job: string;
  hidden_from: string;
  receipt: string;
}

export function Removal({ started, onClose }: { started: Started; onClose: () => void }) {
  const job = useJob(started.job);
  const { putAway } = useAway();
  const isDone = job.data?.state === "done";
  useEffect(() => {
    if (isDone) putAway(started.job); // seen here
  }, [isDone, putAway, started.job]);
  return (
    <>
      <p>
        {t("removal.hidden")} <Time at={started.hidden_from} as="moment" />
      </p>
      <div role="status" className="removal">
        {job.error ? <ErrorState error={job.error} retry={job.refetch} /> : job.data && <JobState job={job.data} />}
      </div>
      {isDone ? <Receipt id={started.receipt} /> : <Text size="sm">{t("removal.tray")}</Text>}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("common.close")}
        </Button>
      </Group>
    </>
  );
}

function Receipt({ id }: { id: string }) {
  const receipt = useReceipt(id);
  if (!receipt.data) return null;
  const counts = Object.entries(receipt.data.counts).map(
    ([kind, n]) => `${number(n)} ${told("many", kind as KindName)}`,
  );
  return (
    <p>
      <Anchor component={Link} to="/receipts" underline="always">
        {t("removal.receipt", { number: receipt.data.number })}
      </Anchor>
      {counts.length > 0 && `: ${counts.join(", ")}`}
    </p>
  );
}
