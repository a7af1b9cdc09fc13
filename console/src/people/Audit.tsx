// Owner: C2. The audit log.
import { Page } from "../frame/Page";
import { t } from "../words";

export default function Audit() {
  return <Page title={t("nav.audit")}>…</Page>;
}
