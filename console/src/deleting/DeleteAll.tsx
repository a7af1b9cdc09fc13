// Owner: C2. The dialog that deletes all records of a kind, of one experience or of all.
import type { KindName } from "../api/types";

export interface DeleteAllProps {
  kind: KindName;
  experience: string | undefined;
  onClose: () => void;
}

export default function DeleteAll(_: DeleteAllProps) {
  return null;
}
