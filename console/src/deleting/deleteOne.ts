// Deleting one record, final. What is gone already counts as deleted.
import { answer, api } from "../api/client";
import { Problem } from "../api/problem";
import type { KindName } from "../api/types";

export async function deleteOne(kind: KindName, id: string): Promise<void> {
  try {
    await answer(api.DELETE("/v1/records/{kind}/{id}", { params: { path: { kind, id } } }));
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
}
