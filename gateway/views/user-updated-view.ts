import type { Answer } from "../../domain/decision.ts";

/** What a write about a user led to: where the user stands now, and what of the call was not used. */
export function userUpdatedView(answer: Extract<Answer, { readonly kind: "user_updated" }>) {
  const { kind: _, ...facts } = answer;
  return facts;
}
