// What a webhook says: its address, what it is called about, what each call carries.
import { Button, Checkbox, Group, Modal, SimpleGrid, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Problem } from "../api/problem";
import { reason } from "../parts/ErrorState";
import { useDeed } from "../parts/useDeed";
import { t, told } from "../words";
import { change, make, type Target, TYPES, targetOf, type Webhook, type WithSecret } from "./webhook";

interface Props {
  webhook: Webhook | undefined; // without one a new one is made
  onClose: () => void;
  onSaved: (saved: Webhook | WithSecret) => void;
}

const NEW: Target = { url: "", types: [], include: [], description: "" };

export function WebhookForm({ webhook, onClose, onSaved }: Props) {
  const [target, setTarget] = useState<Target>(webhook ? targetOf(webhook) : NEW);
  const [tried, setTried] = useState(false);
  const saving = useDeed<Webhook | WithSecret>(
    () => (webhook ? change(webhook.id, target, webhook.enabled) : make(target)),
    onSaved,
  );
  const set = (members: Partial<Target>) => setTarget({ ...target, ...members });
  const wrong = (pointer: string) => (saving.error instanceof Problem ? saving.error.at(pointer) : undefined);
  const lacksTypes = tried && target.types.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (target.types.length > 0) saving.run();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      closeOnClickOutside={false}
      title={t(webhook ? "hooks.edit_title" : "hooks.new")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <form onSubmit={submit} className="hook-form">
        <TextInput
          data-autofocus
          label={t("hooks.url")}
          description={t("hooks.url_lead")}
          value={target.url}
          error={wrong("/url")}
          onChange={(event) => set({ url: event.currentTarget.value })}
          required
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
        />
        <Types target={target} set={set} error={lacksTypes ? t("hooks.types_none") : wrong("/types")} />
        <Checkbox.Group
          label={t("hooks.include")}
          description={t("hooks.include_lead")}
          value={target.include ?? []}
          onChange={(include) => set({ include: include as NonNullable<Target["include"]> })}
        >
          <Group mt={6}>
            {["email", "fields"].map((name) => (
              <Checkbox key={name} size="sm" value={name} label={told("hooks.include", name)} />
            ))}
          </Group>
        </Checkbox.Group>
        <TextInput
          label={t("hooks.description")}
          value={target.description ?? ""}
          error={wrong("/description")}
          maxLength={200}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        {saving.error && (
          <Text size="sm" className="failure" role="alert">
            {reason(saving.error)}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t(webhook ? "common.save" : "hooks.create")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface TypesProps {
  target: Target;
  set: (members: Partial<Target>) => void;
  error: string | undefined;
}

function Types({ target, set, error }: TypesProps) {
  return (
    <Checkbox.Group
      label={t("hooks.types")}
      withAsterisk
      value={target.types}
      error={error}
      onChange={(types) => set({ types: types as Target["types"] })}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={9} verticalSpacing={9} my={6}>
        {TYPES.map((type) => (
          <Checkbox key={type} size="sm" value={type} label={told("event", type)} />
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
