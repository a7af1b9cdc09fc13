// The foot of a list that comes page by page.
import { Button } from "@mantine/core";
import { t } from "../words";
import { reason } from "./ErrorState";

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
        {t("list.show_more")}
      </Button>
    </div>
  );
}
