// Until when a winner may answer: the end of a day in the tenant's zone.
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useMe } from "../api/queries";
import type { Row } from "../api/types";
import { nextDay, startOfDay } from "../lists/filters";
import { t } from "../words";

export function AnswerBy({ row, onChange }: { row: Row; onChange: (at: string) => void }) {
  const zone = useMe().time_zone;
  const [chosen, setChosen] = useState("");
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const end = chosen && startOfDay(nextDay(chosen), zone);
    const isLate = !end || Date.parse(end) <= Date.now();
    setWrong(isLate);
    if (isLate) return;
    onChange(new Date(Date.parse(end) - 1000).toISOString());
    setChosen("");
  };
  return (
    <form onSubmit={submit} className="winner-answer" noValidate>
      <TextInput
        type="date"
        size="xs"
        mt={10}
        label={t(row.respond_by ? "winner.answer_change" : "winner.answer_set")}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        error={wrong && t("winner.answer_past")}
      />
      <Button type="submit" size="xs" variant="default">
        {t("common.save")}
      </Button>
    </form>
  );
}
