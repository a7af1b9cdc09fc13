// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function ManageGiveaways() {
  return <Page title={t("tab.giveaways")}>…</Page>;
}
