// Codes ▸ Manage codes.
import { ManageBatches } from "./ManageBatches";

export default function ManageCodes() {
  return <ManageBatches kind="codes" />;
}
