// Codes ▸ Manage coupons.
import { ManageBatches } from "./ManageBatches";

export default function ManageCoupons() {
  return <ManageBatches kind="coupons" />;
}
