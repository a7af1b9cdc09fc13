// The foot of a list that comes page by page.
import { Button } from "@mantine/core";
import { reason } from "../parts/ErrorState";
import { t } from "../words";

interface Found {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  error: unknown;
  fetchNextPage: () => unknown;
}

export function LoadMore({ found }: { found: Found }) {
  if (!found.hasNextPage) return null;
  return (
    <div className="more">
      {found.isFetchNextPageError && <span role="alert">{reason(found.error)}</span>}
      <Button size="xs" variant="default" loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
        {t("customer.more")}
      </Button>
    </div>
  );
}
