// The session ended in the middle of work: a sign-in on top of it, after which what was begun goes on.
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useConfig } from "../api/queries";
import { declined, useSessionState } from "../api/token";
import { t } from "../words";
import { LocalRoles } from "./LocalRoles";
import { signInBesides } from "./oidc";

export function SessionEnded() {
  const opened = useSessionState() === "ended";
  const config = useConfig().data;
  const [failure, setFailure] = useState<string>();
  const signIn = () => {
    const popup = window.open("", "afterchat-sign-in", "popup,width=480,height=680");
    if (popup && config) signInBesides(config, popup).catch((error: Error) => setFailure(error.message));
  };
  return (
    <Modal
      opened={opened}
      onClose={declined}
      title={t("session.title")}
      centered
      zIndex={400} // above whatever dialog was at work
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Stack>
        <Text size="sm">{t("session.lead")}</Text>
        {failure && <Alert color="red">{t("sign_in.failed", { reason: failure })}</Alert>}
        {config?.stage === "local" ? (
          <LocalRoles />
        ) : (
          <Group justify="flex-end">
            <Button variant="default" onClick={declined}>
              {t("session.later")}
            </Button>
            <Button onClick={signIn}>{t("sign_in.button")}</Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
