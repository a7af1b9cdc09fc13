// Owner: C2. Settings.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Settings() {
  return <Page title={t("nav.settings")}>…</Page>;
}
