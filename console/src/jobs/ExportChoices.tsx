// What an export leaves to its reader: the form of the file; of consents whether they or all customers are meant, of
// variables whether a row is a value or a whole conversation.
import { Radio, Stack } from "@mantine/core";
import type { KindName } from "../api/types";
import { t, told } from "../words";

export interface Choice {
  kind: KindName;
  format: "xlsx" | "csv" | "jsonl";
  layout: "values" | "instances";
}

interface Props {
  listed: KindName;
  choice: Choice;
  byHand: boolean;
  onChoice: (choice: Choice) => void;
}

export function ExportChoices({ listed, choice, byHand, onChoice }: Props) {
  const formats = byHand ? (["csv", "jsonl"] as const) : (["xlsx", "csv", "jsonl"] as const);
  const choose = (change: object) => onChoice({ ...choice, ...change });
  return (
    <Stack gap="sm" mt="xs">
      {listed === "consents" && !byHand && (
        <Choices
          label={t("export.what")}
          values={["consents", "customers"]}
          word="export.of"
          value={choice.kind}
          onChange={(kind) => choose({ kind })}
        />
      )}
      {listed === "variables" && !byHand && (
        <Choices
          label={t("export.layout")}
          values={["values", "instances"]}
          word="layout"
          value={choice.layout}
          onChange={(layout) => choose({ layout })}
        />
      )}
      <Choices
        label={t("export.format")}
        values={formats}
        word="format_for"
        value={choice.format}
        onChange={(format) => choose({ format })}
      />
    </Stack>
  );
}

interface ChoicesProps {
  label: string;
  values: readonly string[];
  word: string;
  value: string;
  onChange: (value: string) => void;
}

function Choices({ label, values, word, value, onChange }: ChoicesProps) {
  return (
    <Radio.Group label={label} size="xs" value={value} onChange={onChange}>
      <Stack gap={9} mt={6}>
        {values.map((one) => (
          <Radio key={one} value={one} size="sm" label={told(word, one)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
