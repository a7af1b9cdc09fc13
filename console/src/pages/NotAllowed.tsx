// Instead of a page that this caller's roles do not open.
//   if (!me.may("keys")) return <NotAllowed title={t("nav.keys")} needs="owner" />;
import { Text } from "@mantine/core";
import { Page } from "../frame/Page";
import { t } from "../words";

export function NotAllowed({ title, needs }: { title: string; needs: string }) {
  return (
    <Page title={title}>
      <Text fw={600}>{t("page.not_allowed")}</Text>
      <Text>{t("page.not_allowed_lead", { role: needs })}</Text>
    </Page>
  );
}
