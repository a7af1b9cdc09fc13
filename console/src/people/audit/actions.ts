// What the audit log notes, as the service names it, and its word here. None can be forgotten.
import type { paths } from "../../api/schema";
import type { Word } from "../../words";

type Query = NonNullable<paths["/v1/audit"]["get"]["parameters"]["query"]>;
export type Action = NonNullable<Query["action"]>;

export const ACTIONS: Record<Action, Word> = {
  "export.created": "action.export.created",
  "export.downloaded": "action.export.downloaded",
  "export.shown": "action.export.shown",
  "customer.revealed": "action.customer.revealed",
  "file.opened": "action.file.opened",
  "record.deleted": "action.record.deleted",
  "kind.cleared": "action.kind.cleared",
  "customer.erased": "action.customer.erased",
  "customer.rectified": "action.customer.rectified",
  "package.created": "action.package.created",
  "package.downloaded": "action.package.downloaded",
  "proofs.read": "action.proofs.read",
  "receipts.searched": "action.receipts.searched",
  "settings.changed": "action.settings.changed",
  "key.made": "action.key.made",
  "key.revoked": "action.key.revoked",
  "experience.changed": "action.experience.changed",
  "import.created": "action.import.created",
  "import.downloaded": "action.import.downloaded",
  "import.taken_back": "action.import.taken_back",
  "draw.created": "action.draw.created",
  "draw.revealed": "action.draw.revealed",
  "winner.replaced": "action.winner.replaced",
  "winner.changed": "action.winner.changed",
  "webhook.created": "action.webhook.created",
  "webhook.changed": "action.webhook.changed",
  "webhook.deleted": "action.webhook.deleted",
};
