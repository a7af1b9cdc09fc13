// Exports exactly the list on screen: its kind and its filters. Key `e`.
//   <ExportButton kind="winners" filters={state.query} />
import { Button, Popover } from "@mantine/core";
import { Suspense, useState } from "react";
import type { KindName } from "../api/types";
import { useKeys } from "../frame/useKeys";
import type { Filters } from "../lists/filters";
import { Download } from "../parts/icons";
import { Loading } from "../parts/Loading";
import { later, t } from "../words";

const ExportForm = later(() => import("./ExportForm"));

export interface ExportProps {
  kind: KindName;
  filters: Filters; // as `GET /v1/records/{kind}` takes them
}

export function ExportButton({ kind, filters }: ExportProps) {
  const [opened, setOpened] = useState(false);
  useKeys({ e: () => setOpened(true) });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="lg" width={340} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<Download size={15} />}
          onClick={() => setOpened(!opened)}
          title={`${t("export.button")} (e)`}
        >
          {t("export.button")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense fallback={<Loading />}>
          {opened && <ExportForm kind={kind} filters={filters} onClose={() => setOpened(false)} />}
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
