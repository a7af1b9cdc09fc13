// The public value that a draw waits for: told once, and never changed.
import { Button, Group, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../api/client";
import { useMe } from "../api/queries";
import { ErrorState } from "../parts/ErrorState";
import { t } from "../words";
import { type Draw, useDrawAnew } from "./queries";

export function Reveal({ draw, onStarted }: { draw: Draw; onStarted: (job: string) => void }) {
  const anew = useDrawAnew();
  const [value, setValue] = useState("");
  const [tried, setTried] = useState(false);
  const reveal = useMutation({
    mutationFn: () =>
      answer(api.POST("/v1/draws/{id}/reveal", { params: { path: { id: draw.id } }, body: { value: value.trim() } })),
    onSuccess: ({ job }) => {
      onStarted(job);
      void anew();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (value.trim() && !reveal.isPending) reveal.mutate();
  };
  const source = draw.public_randomness?.source ?? "";
  return (
    <section className="reveal" aria-label={t("reveal.title")}>
      <Title order={2} size="h5">
        {t("reveal.title")}
      </Title>
      <p>{t("reveal.hint", { source })}</p>
      {useMe().may("draw") ? (
        <form onSubmit={submit} noValidate>
          <TextInput
            label={t("reveal.value")}
            description={t("reveal.value_hint")}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            maxLength={500}
            error={tried && !value.trim() && t("reveal.missing")}
            autoComplete="off"
          />
          {reveal.error && <ErrorState error={reveal.error} />}
          <Group mt="sm">
            <Button type="submit" loading={reveal.isPending}>
              {t("reveal.do")}
            </Button>
          </Group>
        </form>
      ) : null}
    </section>
  );
}
