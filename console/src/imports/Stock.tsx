// How much is left of an experience's coupons: free, issued, and the mark at which it is warned. Codes have no stock to
// run out of: how many were brought in is told.
import { Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { number } from "../format/numbers";
import { Warning } from "../parts/icons";
import { t } from "../words";
import { type Import, useImports } from "./past";
import type { ImportKind } from "./useImporting";

export function Stock({ kind, experience }: { kind: ImportKind; experience: string }) {
  const brought = useImports(kind, experience);
  const { data } = useQuery({
    queryKey: ["experience", experience, "stock"],
    enabled: kind === "coupons",
    queryFn: async ({ signal }) => {
      const call = api.GET("/v1/experiences/{id}", { params: { path: { id: experience } }, signal });
      return (await answer(call)).stock as unknown as { coupons: { free: number; low_at: number } };
    },
  });
  if (!brought.data) return <div className="stock" />;
  const total = brought.data.reduce((sum, one) => sum + left(one), 0);
  if (kind === "codes") return <p className="stock dimmed">{t("stock.codes", { count: total })}</p>;
  if (!data) return <div className="stock" />;
  return <Bar free={data.coupons.free} low={data.coupons.low_at} total={total} complete={!brought.hasNextPage} />;
}

/** Of an import that is open for the taking: what it added. */
function left(one: Import): number {
  return one.state === "ready" ? ((one.result as unknown as { added: number } | null)?.added ?? 0) : (one.given ?? 0);
}

function Bar({ free, low, total, complete }: { free: number; low: number; total: number; complete: boolean }) {
  const all = Math.max(total, free, 1);
  const issued = Math.max(0, total - free);
  const isLow = free <= low && total > 0;
  const share = (count: number) => `${Math.min(100, (count / all) * 100)}%`;
  return (
    <div className="stock">
      <div className="stock-words">
        <span className={isLow ? "soon" : undefined}>
          {isLow && <Warning size={14} />} {t("stock.free", { count: free })}
        </span>
        {complete && <span className="dimmed">{t("stock.issued", { count: issued })}</span>}
        {low > 0 && <span className="dimmed">{t("stock.low", { count: low })}</span>}
      </div>
      <div className="stock-bar" aria-hidden>
        <span className="stock-free" data-low={isLow || undefined} style={{ width: share(free) }} />
        {low > 0 && low < all && (
          <Tooltip label={t("stock.low", { count: low })}>
            <i className="stock-mark" style={{ left: share(low) }} />
          </Tooltip>
        )}
      </div>
      <span className="sr-only">{number(free)}</span>
    </div>
  );
}
