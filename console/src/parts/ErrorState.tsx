// What went wrong, in words, with a way on and the trace id for whoever looks for the cause. Stays until it is solved.
import { Alert, Button, Group, Text } from "@mantine/core";
import { Problem } from "../api/problem";
import { t } from "../words";
import { CopyText } from "./CopyText";

export function ErrorState({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const problem = error instanceof Problem ? error : undefined;
  return (
    <Alert color="red" title={problem?.title || t("error.title")} m="md" role="alert">
      <Text size="sm">{reason(error)}</Text>
      <Group mt="sm" gap="md">
        {retry && (
          <Button size="xs" variant="default" onClick={() => retry()}>
            {t("error.retry")}
          </Button>
        )}
        {problem?.traceId && (
          <Text size="xs">
            {t("error.trace")} <CopyText text={problem.traceId} />
          </Text>
        )}
      </Group>
    </Alert>
  );
}

/** One sentence that says what is wrong. */
export function reason(error: unknown): string {
  if (!(error instanceof Problem)) return t("error.broken");
  if (error.code === "offline") return t("error.offline");
  if (error.code === "unreachable") return t("error.unreachable");
  const [first] = error.errors;
  return first && error.status === 422
    ? `${error.detail} ${first.pointer ?? first.parameter ?? ""}: ${first.detail}`
    : error.detail;
}
