// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function ManageCoupons() {
  return <Page title={t("tab.codes")}>…</Page>;
}
