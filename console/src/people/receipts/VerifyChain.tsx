// Walks the chain of receipts from the oldest to its head, and says whether each still follows the one before.
import { Alert, Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { number } from "../../format/numbers";
import { ErrorState } from "../../parts/ErrorState";
import { t } from "../../words";
import { Digest } from "./ReceiptFacts";

export function VerifyChain() {
  const [walked, setWalked] = useState(0);
  const verifying = useMutation({ mutationFn: () => verdict(setWalked) });
  const { data } = verifying;
  return (
    <div>
      <Button variant="default" loading={verifying.isPending} onClick={() => verifying.mutate()}>
        {t("receipt.verify")}
      </Button>
      {verifying.isPending && <p role="status">{t("receipt.verifying", { count: walked })}</p>}
      {verifying.error && <ErrorState error={verifying.error} retry={verifying.mutate} />}
      {data && (
        <Alert
          color={data.ok ? "accent" : "red"}
          variant="default"
          className={data.ok ? "chain-verdict" : "chain-verdict bad"}
          role="status"
        >
          {data.ok
            ? t("receipt.whole", { count: data.count })
            : t("receipt.broken", { number: number(data.broken_at ?? 0), reason: data.reason ?? "" })}
          <p className="dimmed small">
            {t("receipt.head")} <Digest text={data.head.digest} />
          </p>
        </Alert>
      )}
    </div>
  );
}

/** 500 receipts a call. */
async function verdict(tell: (count: number) => void) {
  let cursor: string | undefined;
  for (;;) {
    const query = cursor ? { cursor } : {};
    const found = await answer(api.GET("/v1/receipts/verify", { params: { query } }));
    if (!found.ok || !found.next) return found;
    tell(found.count);
    cursor = found.next;
  }
}
