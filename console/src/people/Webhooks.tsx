// Owner: C2. Webhooks.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Webhooks() {
  return <Page title={t("nav.webhooks")}>…</Page>;
}
