// The second of the three ways to delete: one customer, everywhere. First what goes and what stays, then a word to type.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useSearchParams } from "react-router";
import { answer, api } from "../../api/client";
import { number, size } from "../../format/numbers";
import { useForget } from "../../lists/useRecords";
import { ConfirmTyped } from "../../parts/ConfirmTyped";
import { ErrorState } from "../../parts/ErrorState";
import { Loading } from "../../parts/Loading";
import { t, told } from "../../words";
import { Section } from "../Section";

interface Preview {
  erased: Record<string, number>;
  nameless: Record<string, number>;
  files_bytes: number;
}

export default function Erase({ id, onClose }: { id: string; onClose: () => void }) {
  const preview = useQuery({
    queryKey: ["erasure", id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/customers/{id}/erasure", { params: { path: { id } }, signal }))) as Preview,
    staleTime: 0,
  });
  const erasing = useErasing(id);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1} className="erase">
      <Section title={t("erase.question")} lead={t("erase.lead")} tone="bad">
        {preview.error ? (
          <ErrorState error={preview.error} retry={preview.refetch} />
        ) : preview.data ? (
          <Told preview={preview.data} />
        ) : (
          <Loading />
        )}
        {erasing.error && <ErrorState error={erasing.error} />}
        {preview.data && (
          <ConfirmTyped
            word={t("erase.word")}
            verb={t("erase.verb")}
            onConfirm={() => erasing.mutate()}
            onCancel={onClose}
            busy={erasing.isPending}
          />
        )}
      </Section>
    </div>
  );
}

/** Asked again while it is under way, the service answers the same job. */
function useErasing(id: string) {
  const cache = useQueryClient();
  const forget = useForget();
  const [, setSearch] = useSearchParams();
  return useMutation({
    mutationFn: async () =>
      (await answer(
        api.DELETE("/v1/records/{kind}/{id}", { params: { path: { kind: "customers", id } } }),
      )) as unknown as { job: string },
    onSuccess: ({ job }) => {
      setSearch({ erase: "1", job }, { replace: true });
      forget("customers", [id]);
      cache.removeQueries({ queryKey: ["customer", id] });
      void cache.invalidateQueries({ queryKey: ["records"] });
    },
  });
}

function Told({ preview }: { preview: Preview }) {
  return (
    <div className="erase-told">
      <div>
        <h3>{t("erase.goes")}</h3>
        <Counts counts={preview.erased} />
        {preview.files_bytes > 0 && <p className="dimmed">{t("erase.files", { size: size(preview.files_bytes) })}</p>}
      </div>
      <div>
        <h3>{t("erase.stays")}</h3>
        <Counts counts={preview.nameless} />
        <p className="dimmed">{t("erase.stays_lead")}</p>
      </div>
    </div>
  );
}

export function Counts({ counts }: { counts: Record<string, number> }) {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  if (some.length === 0) return <p className="dimmed">{t("erase.nothing")}</p>;
  return (
    <ul className="counts">
      {some.map(([kind, count]) => (
        <li key={kind}>
          <span>{told("many", kind)}</span> <b>{number(count)}</b>
        </li>
      ))}
    </ul>
  );
}
