// Owner: C2. Named keys.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Keys() {
  return <Page title={t("nav.keys")}>…</Page>;
}
