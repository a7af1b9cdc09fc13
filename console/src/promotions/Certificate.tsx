// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Certificate() {
  return <Page title={t("tab.giveaways")}>…</Page>;
}
