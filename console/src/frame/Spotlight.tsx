// ⌘K: to a tab, an experience, a person by e-mail, a trace by its id.
import { Modal, TextInput, UnstyledButton } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useExperiences, useMe } from "../api/queries";
import { Search } from "../parts/icons";
import { t } from "../words";
import { OVERVIEW, type Place, TABS, WORKSPACE } from "./tabs";

interface Target {
  to: string;
  text: string;
  about?: string;
}

export default function Spotlight({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const targets = useTargets(typed.trim());
  const go = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    navigate(target.to);
  };
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") go(targets[at]);
    if (!step) return;
    event.preventDefault();
    setAt((at + step + targets.length) % Math.max(1, targets.length));
  };
  return (
    <Modal.Root opened onClose={onClose} yOffset="12vh">
      <Modal.Overlay />
      <Modal.Content aria-label={t("spotlight.title")}>
        <Modal.Body p="xs">
          <TextInput
            data-autofocus
            role="combobox"
            aria-expanded
            aria-controls="spotlight"
            aria-activedescendant={targets[at] ? `spotlight-${at}` : undefined}
            aria-label={t("spotlight.placeholder")}
            placeholder={t("spotlight.placeholder")}
            leftSection={<Search size={16} />}
            value={typed}
            onKeyDown={pressed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setAt(0);
            }}
          />
          <div role="listbox" id="spotlight" className="spotlight" aria-label={t("spotlight.title")}>
            {targets.map((target, index) => (
              <UnstyledButton
                key={target.to}
                id={`spotlight-${index}`}
                role="option"
                aria-selected={index === at}
                className="target"
                tabIndex={-1}
                onClick={() => go(target)}
              >
                <bdi>{target.text}</bdi>
                <small>{target.about}</small>
              </UnstyledButton>
            ))}
          </div>
          {targets.length === 0 && <p className="spotlight-none">{t("spotlight.none")}</p>}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function useTargets(typed: string): Target[] {
  const me = useMe();
  const experiences = useExperiences().data ?? [];
  const places = [OVERVIEW, ...TABS, ...WORKSPACE.filter((place) => !place.needs || me.may(place.needs))];
  const named = [...places.flatMap(ofPlace), ...experiences.map(ofExperience)];
  const wanted = typed.toLocaleLowerCase();
  const found = named.filter((target) => `${target.text} ${target.about ?? ""}`.toLocaleLowerCase().includes(wanted));
  return [...asked(typed), ...found].slice(0, 12);
}

function ofPlace(place: Place): Target[] {
  if (!place.parts) return [{ to: place.path, text: t(place.word) }];
  return place.parts.map((part) => ({ to: part.path, text: t(part.word), about: t(place.word) }));
}

function ofExperience({ id, title }: { id: string; title: string }): Target {
  return { to: `/experiences/${id}`, text: title, about: t("spotlight.experience") };
}

/** What the text itself is: a trace id, as we, B3's short form or X-Ray write it, or an address. */
function asked(typed: string): Target[] {
  if (/^([0-9a-f]{32}|[0-9a-f]{16}|1-[0-9a-f]{8}-[0-9a-f]{24})$/i.test(typed)) {
    return [{ to: `/traces/${typed.toLowerCase()}`, text: t("spotlight.trace", { id: typed }) }];
  }
  if (!typed.includes("@")) return [];
  return [{ to: `/customers?email=${encodeURIComponent(typed)}`, text: t("spotlight.person", { email: typed }) }];
}
