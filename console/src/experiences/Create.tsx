// A new experience: a title, and the id by which chats name it.
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { Problem } from "../api/problem";
import { ErrorState } from "../parts/ErrorState";
import { t } from "../words";
import { asId } from "./document";
import { putExperience } from "./useExperience";

export function Create({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState("");
  const [written, setWritten] = useState<string>();
  const id = written ?? asId(title);
  const making = useMaking(id, title);
  const problem = making.error instanceof Problem ? making.error : undefined;
  const taken = problem?.status === 428 ? t("experiences.exists") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!making.isPending) making.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t("experiences.new")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t("experiences.title")}
            value={title}
            error={problem?.at("/title")}
            onChange={(event) => setTitle(event.currentTarget.value)}
            data-autofocus
            autoComplete="off"
          />
          <TextInput
            label={t("experiences.id")}
            description={t("experiences.id_hint")}
            value={id}
            error={taken ?? problem?.errors.find((error) => error.parameter === "id" || error.pointer === "id")?.detail}
            onChange={(event) => setWritten(event.currentTarget.value)}
            classNames={{ input: "mono" }}
            autoComplete="off"
            spellCheck={false}
          />
          {making.error && problem?.status !== 422 && !taken ? <ErrorState error={making.error} /> : null}
          <Group justify="flex-end">
            <Button type="submit" loading={making.isPending}>
              {t("experiences.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function useMaking(id: string, title: string) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => putExperience(id, { title }),
    onSuccess: (saved) => {
      cache.setQueryData(["experience", id], saved);
      void cache.invalidateQueries({ queryKey: ["experiences"] });
      navigate(`/experiences/${id}`);
    },
  });
}
