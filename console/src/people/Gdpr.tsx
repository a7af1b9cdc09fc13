// GDPR: what is held of a person and what can be done about it, which requests are open, how long everything is kept,
// the notice to publish, and whether the promises are kept.
import { useMe } from "../api/queries";
import { Page } from "../frame/Page";
import { t } from "../words";
import { LookUp } from "./gdpr/LookUp";
import { Notice } from "./gdpr/Notice";
import { Requests } from "./gdpr/Requests";
import { Retention } from "./gdpr/Retention";
import { RetentionReport } from "./gdpr/RetentionReport";
import "./people.css";

export default function Gdpr() {
  const me = useMe();
  return (
    <Page title={t("nav.gdpr")} promise={t("gdpr.promise")}>
      <div className="gdpr">
        {me.may("erase") && <LookUp />}
        {me.may("package") && <Requests />}
        <Retention />
        {me.may("receipts") && <RetentionReport />}
        <Notice />
      </div>
    </Page>
  );
}
