// Owner: C2. The customer page.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Customer() {
  return <Page title={t("tab.customers")}>…</Page>;
}
