// Nothing is there yet: what would bring it, and what can be done.
import { Button, Code } from "@mantine/core";
import { useState } from "react";
import { base } from "../api/client";
import type { KindName } from "../api/types";
import { t, told } from "../words";
import { useListState } from "./useListState";

export function Empty({ kind }: { kind: KindName }) {
  return (
    <>
      <p>{told("empty", kind)}</p>
      {kind === "customers" && <Customers />}
    </>
  );
}

function Customers() {
  const state = useListState();
  const [shown, setShown] = useState(false);
  if (state.query.active_days !== "180") {
    return (
      <>
        <p className="dimmed">{t("empty.older")}</p>
        <Button variant="default" size="xs" onClick={() => state.change({ active_days: "180" })}>
          {t("empty.show_older")}
        </Button>
      </>
    );
  }
  return shown ? (
    <Code block>{TEST_CALL}</Code>
  ) : (
    <Button variant="default" size="xs" onClick={() => setShown(true)}>
      {t("empty.test_call")}
    </Button>
  );
}

const TEST_CALL = `curl ${base}/v1/collect/sign-ins \\
  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"experience": "summer", "email": "anna.schmidt@example.com"}'`;
