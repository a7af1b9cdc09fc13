// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function ManageCodes() {
  return <Page title={t("tab.codes")}>…</Page>;
}
