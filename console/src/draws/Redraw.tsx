// Somebody else in a winner's place: with a reason, and with what follows in words before it is done.
import { Button, Group, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { answer, api } from "../api/client";
import type { Row } from "../api/types";
import { ErrorState } from "../parts/ErrorState";
import { t } from "../words";
import { useDrawAnew } from "./queries";
import { isReplaceable, whyReplaced } from "./states";

export function Redraw({ row }: { row: Row }) {
  const [asking, setAsking] = useState(false);
  const redraw = useRedraw(row);
  const opener = useRef<HTMLButtonElement>(null);
  if (redraw.data) return <NewWinner row={redraw.data} />;
  if (!isReplaceable(row)) return null;
  const why = whyReplaced(row);
  if (!asking) {
    return (
      <Group>
        <Button ref={opener} size="xs" variant="default" onClick={() => setAsking(true)}>
          {t(why === "disqualified" ? "redraw.disqualify" : "redraw.open")}
        </Button>
      </Group>
    );
  }
  return <Ask row={row} redraw={redraw} onCancel={() => setAsking(false)} />;
}

function useRedraw(row: Row) {
  const anew = useDrawAnew();
  return useMutation({
    mutationFn: async (why: string) => {
      const call = { params: { path: { id: String(row.draw_id) } }, body: { winner: row.id, reason: why } };
      return (await answer(api.POST("/v1/draws/{id}/redraws", call))) as unknown as Row;
    },
    onSuccess: () => void anew(),
  });
}

interface AskProps {
  row: Row;
  redraw: ReturnType<typeof useRedraw>;
  onCancel: () => void;
}

function Ask({ row, redraw, onCancel }: AskProps) {
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const published = whyReplaced(row);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (why.trim() && !redraw.isPending) redraw.mutate(why.trim());
  };
  return (
    <form className="redraw" onSubmit={submit} aria-label={t("redraw.title", { count: Number(row.slot) })} noValidate>
      <h3>{t("redraw.title", { count: Number(row.slot) })}</h3>
      <Text size="sm">{t(`redraw.follows.${published}`)}</Text>
      <Text size="sm">{t("redraw.next")}</Text>
      <TextInput
        size="xs"
        label={t("redraw.reason")}
        description={t("redraw.reason_hint")}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
        maxLength={200}
        error={tried && !why.trim() && t("redraw.reason_missing")}
        autoComplete="off"
        autoFocus
      />
      {redraw.error && <ErrorState error={redraw.error} />}
      <Group gap="xs" justify="flex-end">
        <Button size="xs" variant="default" onClick={onCancel}>
          {t("redraw.keep")}
        </Button>
        <Button size="xs" color="red" type="submit" loading={redraw.isPending}>
          {t(published === "disqualified" ? "redraw.do_disqualify" : "redraw.do")}
        </Button>
      </Group>
    </form>
  );
}

function NewWinner({ row }: { row: Row }) {
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => told.current?.focus(), []);
  return (
    <div className="redraw" ref={told} tabIndex={-1} role="status">
      <Text size="sm">
        {t("redraw.done", { count: Number(row.slot) })} <strong>{row.email ?? String(row.ticket)}</strong>
      </Text>
    </div>
  );
}
