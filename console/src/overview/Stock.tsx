// Coupons of each experience: how many are free, how many are out, where it gets low.
import { Title } from "@mantine/core";
import { Link } from "react-router";
import { useExperienceTitle } from "../api/queries";
import type { Overview } from "../api/types";
import { number } from "../format/numbers";
import { Tag } from "../lists/values";
import { t } from "../words";

export function Stock({ stock }: { stock: Overview["stock"] }) {
  return (
    <section aria-labelledby="stock">
      <Title order={2} size="h5" id="stock">
        {t("overview.stock")}
      </Title>
      {stock.length === 0 ? (
        <p className="dimmed">{t("overview.no_stock")}</p>
      ) : (
        <ul className="coupon-stocks">
          {stock.map((one) => (
            <Bar key={one.experience} one={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Bar({ one }: { one: Overview["stock"][number] }) {
  const title = useExperienceTitle();
  const whole = Math.max(1, one.free + one.issued);
  const part = (n: number) => `${(Math.min(n, whole) / whole) * 100}%`;
  return (
    <li className="coupon-stock">
      <Link to={`/codes/manage-coupons?experience=${one.experience}`} className="stock-name">
        <bdi>{title(one.experience)}</bdi>
      </Link>
      <span className="stock-bar" aria-hidden>
        <span className="stock-free" style={{ width: part(one.free) }} data-low={one.low || undefined} />
        {one.low_at > 0 && <span className="stock-mark" style={{ left: part(one.low_at) }} />}
      </span>
      <span className="stock-told">
        {t("overview.free", { count: one.free })} · {t("overview.issued", { count: one.issued })}
        {one.low_at > 0 && <> · {t("overview.low_at", { count: one.low_at })}</>}{" "}
        {one.low && <Tag tone="wait">{one.free === 0 ? t("overview.none_left") : t("overview.low")}</Tag>}
        <span className="sr-only">{number(whole)}</span>
      </span>
    </li>
  );
}
