// A finished package: its one-time link for the person, and the file itself for whoever hands it over otherwise.
import { Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { Job } from "../../api/types";
import { number, size } from "../../format/numbers";
import { CopyText } from "../../parts/CopyText";
import { reason } from "../../parts/ErrorState";
import { Download } from "../../parts/icons";
import { Time } from "../../parts/Time";
import { t } from "../../words";

interface Made {
  rows: number;
  files: number;
  bytes: number;
  link?: string;
  link_used_at?: string | null;
}

export function PackageLink({ job }: { job: Job }) {
  const cache = useQueryClient();
  const path = { params: { path: { id: job.id } } };
  const renewing = useMutation({
    mutationFn: () => answer(api.POST("/v1/jobs/{id}/link", path)),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["job", job.id] }),
  });
  const fetching = useMutation({
    mutationFn: () => answer(api.GET("/v1/jobs/{id}/file", path)),
    onSuccess: ({ url }) => location.assign(url),
  });
  const made = job.result as Made | null;
  if (!made || !job.file_until) return null;
  const error = renewing.error ?? fetching.error;
  return (
    <div className="package-made">
      <p>
        {t("package.made", { rows: number(made.rows), files: number(made.files), size: size(made.bytes) })}{" "}
        <span className="dimmed">
          <Time at={job.created_at} />
        </span>
      </p>
      <OneTime made={made} until={job.file_until} />
      <Group gap="xs" mt={6}>
        <Button size="xs" variant="default" loading={renewing.isPending} onClick={() => renewing.mutate()}>
          {t("package.renew")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<Download size={15} />}
          loading={fetching.isPending}
          onClick={() => fetching.mutate()}
        >
          {t("package.download")}
        </Button>
      </Group>
      {error && (
        <p className="failure" role="alert">
          {reason(error)}
        </p>
      )}
    </div>
  );
}

function OneTime({ made, until }: { made: Made; until: string }) {
  if (made.link_used_at)
    return (
      <p role="status">
        {t("package.used")} <Time at={made.link_used_at} as="moment" />
      </p>
    );
  if (!made.link) return null;
  return (
    <div className="package-link">
      <p className="small">{t("package.once")}</p>
      <CopyText text={made.link} shown={shortened(made.link)} />
      <p className="dimmed small">
        {t("package.until")} <Time at={until} as="moment" />
      </p>
    </div>
  );
}

function shortened(link: string): string {
  return `${link.slice(0, link.lastIndexOf("/") + 9)}…`;
}
