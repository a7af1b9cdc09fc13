// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function ManageInstantWins() {
  return <Page title={t("tab.instant-win")}>…</Page>;
}
