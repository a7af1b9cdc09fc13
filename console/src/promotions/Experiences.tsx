// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Experiences() {
  return <Page title={t("nav.experiences")}>…</Page>;
}
