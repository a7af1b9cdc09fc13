// Asks before unsaved changes are lost, within the console and when the page itself is left. There only while there are
// some: an address that is typed cannot be held up.
import { Button, Group, Modal, Text } from "@mantine/core";
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { t } from "../words";

export function Leaving({ title }: { title: string }) {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
  const stay = () => blocker.reset?.();
  return (
    <Modal opened={blocker.state === "blocked"} onClose={stay} title={t("editor.leave_title")} withCloseButton={false}>
      <Text size="sm">{t("editor.leave_about", { title })}</Text>
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={stay} data-autofocus>
          {t("editor.stay")}
        </Button>
        <Button color="red" onClick={() => blocker.proceed?.()}>
          {t("editor.leave")}
        </Button>
      </Group>
    </Modal>
  );
}
