// Owner: C2. What is kept, how long, which rights.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Gdpr() {
  return <Page title={t("nav.gdpr")}>…</Page>;
}
