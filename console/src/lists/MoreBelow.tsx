// The foot of a list: more comes, more could not be had, or it was looked for long enough without a hit.
import { Button, Loader } from "@mantine/core";
import { reason } from "../parts/ErrorState";
import { t } from "../words";
import type { useRecords } from "./useRecords";

export function MoreBelow({ found, more }: { found: ReturnType<typeof useRecords>; more: () => void }) {
  if (found.isFetchNextPageError) {
    return (
      <div className="more" role="alert">
        {reason(found.error)}
        <Button size="compact-xs" variant="default" onClick={more}>
          {t("error.retry")}
        </Button>
      </div>
    );
  }
  if (found.isFetchingNextPage) {
    return (
      <div className="more" role="status" aria-label={t("common.loading")}>
        <Loader size={14} />
      </div>
    );
  }
  if (!found.hasNextPage || found.looking || found.rows.length >= 30) return null;
  return (
    <div className="more">
      {t("list.looked")}
      <Button size="compact-xs" variant="default" onClick={more}>
        {t("list.look_on")}
      </Button>
    </div>
  );
}
