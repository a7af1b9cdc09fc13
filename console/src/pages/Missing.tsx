import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { Page } from "../frame/Page";
import { t } from "../words";

export function Missing() {
  return (
    <Page title={t("page.missing")}>
      <Text mb="md">{t("page.missing_lead")}</Text>
      <Anchor component={Link} to="/">
        {t("page.home")}
      </Anchor>
    </Page>
  );
}
