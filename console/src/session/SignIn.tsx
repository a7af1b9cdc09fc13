// The page of whoever is not signed in: one button for the issuer; locally, one for each role.
import { Alert, Button, Center, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useConfig } from "../api/queries";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { t } from "../words";
import { LocalRoles } from "./LocalRoles";
import { goToIssuer } from "./oidc";

export function SignIn({ reason }: { reason?: string | undefined }) {
  return (
    <Center component="main" mih="100vh" p="md" className="sign-in">
      <Paper p="xl" w={440} maw="100%" radius="lg" withBorder>
        <Stack gap="lg">
          <div>
            <img src={new URL("../icon.svg", import.meta.url).href} alt="" width={40} height={40} />
            <Title order={1} size="h2" mt="md">
              {t("sign_in.title")}
            </Title>
            <Text c="dimmed" mt={4}>
              {t("sign_in.lead")}
            </Text>
          </div>
          {reason && <Alert color="red">{t("sign_in.failed", { reason })}</Alert>}
          <Ways />
        </Stack>
      </Paper>
    </Center>
  );
}

function Ways() {
  const config = useConfig();
  const [failure, setFailure] = useState<string>();
  const [going, setGoing] = useState(false);
  if (config.error) return <ErrorState error={config.error} retry={config.refetch} />;
  if (!config.data) return <Loading />;
  if (config.data.stage === "local") return <LocalRoles />;
  const go = () => {
    setGoing(true);
    goToIssuer(config.data).catch((error: Error) => {
      setGoing(false);
      setFailure(error.message);
    });
  };
  return (
    <>
      {failure && <Alert color="red">{t("sign_in.failed", { reason: failure })}</Alert>}
      <Button size="md" onClick={go} loading={going}>
        {t("sign_in.button")}
      </Button>
    </>
  );
}
