// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Overview() {
  return <Page title={t("tab.overview")}>…</Page>;
}
