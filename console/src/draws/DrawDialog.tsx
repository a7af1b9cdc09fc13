// Drawing winners: what is wanted, what will happen, the work, and then the winners.
import { Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import type { Document, Giveaway } from "../promotions/document";
import { t } from "../words";
import { DrawForm } from "./DrawForm";
import { Drawing } from "./Drawing";
import "./draws.css";
import { useDrawAnew } from "./queries";
import type { NewDraw } from "./request";

interface Props {
  document: Document;
  giveaway: Giveaway;
  onClose: () => void;
}

/** One key for one wish, so that a call that is sent twice draws once. */
function useKeyFor() {
  const [known] = useState(() => new Map<string, string>());
  return (body: NewDraw) => {
    const wish = JSON.stringify(body);
    const key = known.get(wish) ?? crypto.randomUUID();
    known.set(wish, key);
    return key;
  };
}

export default function DrawDialog({ document, giveaway, onClose }: Props) {
  const anew = useDrawAnew();
  const keyFor = useKeyFor();
  const drawing = useMutation({
    mutationFn: (body: NewDraw) => {
      const params = { path: { id: document.id }, header: { "Idempotency-Key": keyFor(body) } };
      return answer(api.POST("/v1/experiences/{id}/draws", { params, body }));
    },
    onSuccess: anew,
  });
  const started = drawing.data;
  const close = () => {
    void anew();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t(started ? "draw.of" : "draw.title", { what: giveaway.title })}
      closeButtonProps={{ "aria-label": t("common.close") }}
      closeOnClickOutside={!drawing.isPending}
    >
      {started ? (
        <Drawing job={started.job} onClose={close} />
      ) : (
        <DrawForm
          document={document}
          giveaway={giveaway}
          onDraw={drawing.mutate}
          busy={drawing.isPending}
          error={drawing.error}
          onCancel={close}
        />
      )}
    </Modal>
  );
}
