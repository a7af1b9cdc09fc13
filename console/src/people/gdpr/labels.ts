// The headings of the notice in its own language, which need not be the reader's.
import type { Language } from "../../words";
import type { Labels } from "./notice";

export const LABELS: Record<Language, Labels> = {
  en: {
    title: "Privacy notice for our chats",
    who: {
      controller: "Controller",
      contact: "Contact",
      dpo: "Data protection officer",
      authority: "Supervisory authority",
    },
    kept: "What is kept, for what and how long",
    also: "What is kept besides",
    proof: "Proof of consent",
    rights: "Your rights (GDPR)",
    recipients: "Who receives data",
  },
  de: {
    title: "Datenschutzhinweise zu unseren Chats",
    who: {
      controller: "Verantwortlicher",
      contact: "Kontakt",
      dpo: "Datenschutzbeauftragte",
      authority: "Aufsichtsbehörde",
    },
    kept: "Was gespeichert wird, wofür und wie lange",
    also: "Was außerdem gespeichert wird",
    proof: "Nachweis der Einwilligung",
    rights: "Ihre Rechte (DSGVO)",
    recipients: "Wer Daten erhält",
  },
};
