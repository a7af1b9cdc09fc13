// Files to begin with.
import { Button, Menu } from "@mantine/core";
import { answer, api } from "../api/client";
import { reason } from "../parts/ErrorState";
import { Down, Download } from "../parts/icons";
import { saveFrom } from "../parts/saving";
import { useDeed } from "../parts/useDeed";
import { t, told } from "../words";
import type { ImportKind } from "./useImporting";

export function Examples({ kind }: { kind: ImportKind }) {
  const getting = useDeed((format: string) => example(kind, format));
  return (
    <>
      <Menu position="bottom-start" shadow="md">
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<Down size={14} />} loading={getting.isPending}>
            {t("imports.example")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {["csv", "xlsx"].map((format) => (
            <Menu.Item key={format} leftSection={<Download size={15} />} onClick={() => getting.run(format)}>
              {told("format", format)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {getting.error && (
        <span className="failure" role="alert">
          {reason(getting.error)}
        </span>
      )}
    </>
  );
}

async function example(kind: ImportKind, format: string): Promise<void> {
  const params = { path: { kind }, query: { format } } as const;
  const file = await answer(api.GET("/v1/examples/{kind}", { params: params as never }));
  saveFrom(file.url, file.name);
}
