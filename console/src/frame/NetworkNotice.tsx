// Says when there is no network, and when an answer takes long.
import { useNetwork } from "@mantine/hooks";
import { useIsFetching } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { t } from "../words";

const SLOW = 4000; // milliseconds

export function NetworkNotice() {
  const { online } = useNetwork();
  const slow = useSlow();
  const text = online ? (slow ? t("net.slow") : "") : t("net.offline");
  return (
    <div role="status" className={text ? "notice" : undefined}>
      {text}
    </div>
  );
}

function useSlow(): boolean {
  const waiting = useIsFetching() > 0;
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!waiting) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), SLOW);
    return () => clearTimeout(timer);
  }, [waiting]);
  return slow;
}
