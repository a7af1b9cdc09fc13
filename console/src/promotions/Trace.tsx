// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Trace() {
  return <Page title={t("tab.log")}>…</Page>;
}
