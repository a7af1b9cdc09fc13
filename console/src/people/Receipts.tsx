// Owner: C2. Receipts.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Receipts() {
  return <Page title={t("nav.receipts")}>…</Page>;
}
