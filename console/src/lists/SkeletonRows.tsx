// The form of what comes, while it comes.
import { Skeleton } from "@mantine/core";
import { t } from "../words";

const WIDTHS = [34, 27, 41, 30, 37, 25, 33, 39, 28, 35, 31, 26];

export function SkeletonRows() {
  return (
    <div className="skeletons" role="status" aria-label={t("common.loading")}>
      {WIDTHS.map((width) => (
        <div key={width} className="skeleton-row">
          <Skeleton height={10} width={`${width}%`} />
          <Skeleton height={10} width="12%" />
          <Skeleton height={10} width="12%" />
        </div>
      ))}
    </div>
  );
}
