// Putting personal data right: only what was changed here is sent, so nothing that is hidden from the reader is lost.
import { ActionIcon, Button, Group, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Row } from "../../api/types";
import { reason } from "../../parts/ErrorState";
import { Bin } from "../../parts/icons";
import { t, told } from "../../words";
import { type Changes, correction } from "./correction";
import { keyOfCustomer } from "./useCustomer";

interface Props {
  customer: Row;
  onClose: () => void;
}

export default function Rectify({ customer, onClose }: Props) {
  const [changes, setChanges] = useState<Changes>({ fields: {} });
  const [added, setAdded] = useState<string[]>([]);
  const saving = useSaving(customer.id, onClose);
  const known = (customer.fields ?? {}) as Record<string, unknown>;
  const body = correction(known, changes);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!body) onClose();
    else if (!saving.isPending) saving.mutate(body);
  };
  const set = (name: string, value: string | null) =>
    setChanges((before) => ({ ...before, fields: { ...before.fields, [name]: value } }));
  const problem = saving.error instanceof Problem ? saving.error : undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("rectify.title")}
      size="lg"
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <form onSubmit={submit} className="rectify">
        <p className="dimmed">{t(customer.masked ? "rectify.lead_masked" : "rectify.lead")}</p>
        <TextInput
          label={t("col.email")}
          type="email"
          placeholder={customer.masked ? "•••" : undefined}
          value={changes.email ?? (customer.masked ? "" : (customer.email ?? ""))}
          onChange={({ currentTarget }) => setChanges((before) => ({ ...before, email: currentTarget.value }))}
          error={problem?.at("/email") ?? (problem?.code === "email_taken" && problem.detail)}
          data-autofocus
        />
        {[...Object.keys(known), ...added].map((name) => (
          <OneField
            key={name}
            name={name}
            known={customer.masked ? undefined : known[name]}
            value={changes.fields[name]}
            error={problem?.at(`/fields/${name}`)}
            onChange={(value) => set(name, value)}
          />
        ))}
        <AddField taken={[...Object.keys(known), ...added]} onAdd={(name) => setAdded([...added, name])} />
        {problem && (
          <p className="failure" role="alert">
            {reason(problem)}
          </p>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t("rectify.save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function useSaving(id: string, onSaved: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NonNullable<ReturnType<typeof correction>>) =>
      answer(
        api.PATCH("/v1/customers/{id}", { params: { path: { id } }, body: { email: null, fields: null, ...body } }),
      ),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keyOfCustomer(id) });
      void cache.invalidateQueries({ queryKey: ["records"] });
      onSaved();
    },
  });
}

interface FieldProps {
  name: string;
  known: unknown;
  value: string | null | undefined; // null: is removed
  error: string | undefined;
  onChange: (value: string | null) => void;
}

function OneField({ name, known, value, error, onChange }: FieldProps) {
  const removed = value === null;
  const title = told("field", name);
  return (
    <div className="rectify-field">
      <TextInput
        label={title}
        placeholder={known === undefined ? "•••" : undefined}
        value={removed ? "" : (value ?? String(known ?? ""))}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        description={removed ? t("rectify.removed") : undefined}
        error={error}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("rectify.remove", { name: title })}
        onClick={() => onChange(null)}
      >
        <Bin size={16} />
      </ActionIcon>
    </div>
  );
}

function AddField({ taken, onAdd }: { taken: readonly string[]; onAdd: (name: string) => void }) {
  const [name, setName] = useState("");
  const add = () => {
    if (name.trim() && !taken.includes(name.trim())) onAdd(name.trim());
    setName("");
  };
  return (
    <div className="rectify-field">
      <TextInput
        label={t("rectify.add_name")}
        value={name}
        placeholder="city"
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
      />
      <Button variant="default" onClick={add}>
        {t("rectify.add")}
      </Button>
    </div>
  );
}
