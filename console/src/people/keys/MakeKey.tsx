// A new key: asked for, then shown once. It is nowhere else, so the dialog does not close by a click beside it.
import { Alert, Button, Group, Modal, NumberInput, Radio, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { Problem } from "../../api/problem";
import { useExperiences, useMe } from "../../api/queries";
import { nextDay, startOfDay } from "../../lists/filters";
import { CopyText } from "../../parts/CopyText";
import { reason } from "../../parts/ErrorState";
import { t } from "../../words";

const ROLES = ["collector", "exporter"] as const;
type Role = (typeof ROLES)[number];

interface Wanted {
  name: string;
  role: Role;
  experience: string | null;
  expires_at: string | null;
  collect_rate: number | null;
}

export function MakeKey({ onClose }: { onClose: () => void }) {
  const cache = useQueryClient();
  const making = useMutation({
    mutationFn: (body: Wanted) => answer(api.POST("/v1/keys", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["keys"] }),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("key.make")}
      closeOnClickOutside={!making.data}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {making.data ? <Secret text={making.data.key} onClose={onClose} /> : <Form making={making} onClose={onClose} />}
    </Modal>
  );
}

interface Making {
  mutate: (wanted: Wanted) => void;
  isPending: boolean;
  error: unknown;
}

function Form({ making, onClose }: { making: Making; onClose: () => void }) {
  const zone = useMe().time_zone;
  const experiences = useExperiences().data ?? [];
  const [wanted, setWanted] = useState({
    name: "",
    role: "collector" as Role,
    experience: "",
    day: "",
    rate: "" as number | string,
  });
  const change = (changes: Partial<typeof wanted>) => setWanted((before) => ({ ...before, ...changes }));
  const problem = making.error instanceof Problem ? making.error : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, role, experience, day, rate } = wanted;
    if (making.isPending) return;
    making.mutate({
      name: name.trim(),
      role,
      experience: experience || null,
      expires_at: day ? startOfDay(nextDay(day), zone) : null,
      collect_rate: role === "collector" && rate !== "" ? Number(rate) : null,
    });
  };
  return (
    <form onSubmit={submit} className="stacked">
      <TextInput
        label={t("key.name")}
        description={t("key.name_lead")}
        value={wanted.name}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        error={problem?.at("/name")}
        maxLength={100}
        required
        data-autofocus
      />
      <Radio.Group label={t("key.may")} value={wanted.role} onChange={(role) => change({ role: role as Role })}>
        {ROLES.map((role) => (
          <Radio
            key={role}
            value={role}
            label={t(`key_role.${role}`)}
            description={t(`key_role.${role}_lead`)}
            mt={6}
          />
        ))}
      </Radio.Group>
      <Select
        label={t("col.experience")}
        description={t("key.experience_lead")}
        placeholder={t("filter.all_experiences")}
        data={experiences.map(({ id, title }) => ({ value: id, label: title }))}
        value={wanted.experience || null}
        onChange={(experience) => change({ experience: experience ?? "" })}
        error={problem?.at("/experience")}
        clearable
        clearButtonProps={{ "aria-label": t("filter.clear") }}
      />
      {wanted.role === "collector" && (
        <NumberInput
          label={t("key.rate")}
          description={t("key.rate_lead")}
          value={wanted.rate}
          onChange={(rate) => change({ rate })}
          error={problem?.at("/collect_rate")}
          min={1}
          max={10_000}
          allowDecimal={false}
        />
      )}
      <TextInput
        type="date"
        label={t("key.until")}
        description={t("key.until_lead")}
        value={wanted.day}
        onChange={({ currentTarget }) => change({ day: currentTarget.value })}
        error={problem?.at("/expires_at")}
      />
      {making.error !== null && making.error !== undefined && (
        <p className="failure" role="alert">
          {reason(making.error)}
        </p>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" loading={making.isPending}>
          {t("key.make_do")}
        </Button>
      </Group>
    </form>
  );
}

function Secret({ text, onClose }: { text: string; onClose: () => void }) {
  return (
    <div className="stacked">
      <Alert color="gray" role="status">
        {t("key.once")}
      </Alert>
      <p className="secret">
        <CopyText text={text} />
      </p>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("key.kept")}</Button>
      </Group>
    </div>
  );
}
