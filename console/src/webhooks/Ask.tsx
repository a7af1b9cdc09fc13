// Asks before a secret is replaced or a webhook goes.
import { Button, Group, Modal, Text } from "@mantine/core";
import { reason } from "../parts/ErrorState";
import { useDeed } from "../parts/useDeed";
import { t, type Word } from "../words";

interface Props<Result> {
  what: "rotate" | "delete";
  host: string;
  deed: () => Promise<Result>;
  onDone: (result: Result) => unknown;
  onClose: () => void;
}

export function Ask<Result>({ what, host, deed, onDone, onClose }: Props<Result>) {
  const doing = useDeed(deed, (result) => {
    onClose();
    return onDone(result);
  });
  const word = (name: string) => t(`hooks.${what}_${name}` as Word);
  return (
    <Modal opened onClose={onClose} title={word("title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <Text size="sm" fw={600}>
        <bdi>{host}</bdi>
      </Text>
      <Text size="sm">{word("follows")}</Text>
      {doing.error && (
        <Text size="sm" className="failure" role="alert">
          {reason(doing.error)}
        </Text>
      )}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("common.cancel")}
        </Button>
        <Button {...(what === "delete" && { color: "red" })} loading={doing.isPending} onClick={() => doing.run()}>
          {word("verb")}
        </Button>
      </Group>
    </Modal>
  );
}
