// A webhook's secret, the one time it is shown: closed only by whoever says that it is kept.
import { Button, Group, Modal, Text } from "@mantine/core";
import { CopyText } from "../parts/CopyText";
import { t } from "../words";
import { hostOf, type WithSecret } from "./webhook";

export function Secret({ of, onClose }: { of: WithSecret; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("hooks.secret_title", { host: hostOf(of) })}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <p className="hook-secret">
        <CopyText text={of.secret} />
      </p>
      <Text size="sm">{t("hooks.secret_lead")}</Text>
      <Group justify="flex-end" mt="md">
        <Button onClick={onClose}>{t("hooks.secret_kept")}</Button>
      </Group>
    </Modal>
  );
}
