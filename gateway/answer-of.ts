import type { Answer } from "../domain/decision.ts";

/** An answer of the kind that its command leads to. Throws for any other: then gateway and rules do not fit together. */
export function answerOf<Kind extends Answer["kind"]>(
  answer: Answer,
  ...kinds: readonly Kind[]
): Extract<Answer, { readonly kind: Kind }> {
  if (isOfKind(answer, kinds)) return answer;
  throw new Error(`a decision of the kind ${answer.kind} where ${kinds.join(" or ")} was expected`);
}

function isOfKind<Kind extends Answer["kind"]>(
  answer: Answer,
  kinds: readonly Kind[],
): answer is Extract<Answer, { readonly kind: Kind }> {
  return (kinds as readonly string[]).includes(answer.kind);
}
