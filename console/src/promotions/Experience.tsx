// Owner: C3.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Experience() {
  return <Page title={t("nav.experiences")}>…</Page>;
}
