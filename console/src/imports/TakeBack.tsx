// Taking an import back: asked at its button, in plain words.
import { Button, Group, Popover, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { useMe } from "../api/queries";
import { useStarted } from "../jobs/following";
import { reason } from "../parts/ErrorState";
import { useDeed } from "../parts/useDeed";
import { t } from "../words";
import type { Import } from "./past";

export function TakeBack({ one }: { one: Import }) {
  const may = useMe().may("import");
  const [asking, setAsking] = useState(false);
  const cache = useQueryClient();
  const started = useStarted();
  const taking = useDeed(
    () => answer(api.DELETE("/v1/imports/{id}", { params: { path: { id: one.id } } })),
    ({ job }) => {
      setAsking(false);
      return Promise.all([started(job), ...STALE.map((queryKey) => cache.invalidateQueries({ queryKey }))]);
    },
  );
  const holds = ["ready", "failed", "cancelled"].includes(one.state) && !one.dry_run;
  if (!may || !holds) return null;
  return (
    <Popover
      opened={asking}
      onChange={setAsking}
      position="left"
      width={320}
      shadow="lg"
      withArrow
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button size="xs" variant="default" onClick={() => setAsking(!asking)}>
          {t("take_back.button")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text fw={600} size="sm">
          {t("take_back.title")}
        </Text>
        <Text size="sm" className="delete-what">
          <bdi>{one.file_name}</bdi>
        </Text>
        <Text size="sm" c="dimmed">
          {t("take_back.follows")}
        </Text>
        {taking.error && (
          <Text size="sm" className="failure" role="alert">
            {reason(taking.error)}
          </Text>
        )}
        <Group justify="flex-end" gap="xs" mt="sm">
          <Button size="xs" variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t("delete.keep")}
          </Button>
          <Button size="xs" color="red" loading={taking.isPending} onClick={() => taking.run()}>
            {t("take_back.button")}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}

const STALE = [["imports"], ["records"], ["experience"]];
