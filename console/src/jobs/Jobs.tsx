// Owner: C2. All jobs.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Jobs() {
  return <Page title={t("nav.jobs")}>…</Page>;
}
