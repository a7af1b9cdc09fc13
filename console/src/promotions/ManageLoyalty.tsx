// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function ManageLoyalty() {
  return <Page title={t("tab.loyalty")}>…</Page>;
}
