import type { Answer } from "../domain/decision.ts";

type OfKind<One, Kind> = One extends { readonly kind: infer Has }
  ? [Extract<Has, Kind>] extends [never]
    ? never
    : One & { readonly kind: Extract<Has, Kind> }
  : never;

/** An answer of the kind that its command leads to. Throws for any other: then gateway and rules do not fit together. */
export function answerOf<Kind extends Answer["kind"]>(answer: Answer, ...kinds: readonly Kind[]): OfKind<Answer, Kind> {
  if (isOfKind(answer, kinds)) return answer;
  throw new Error(`a decision of the kind ${answer.kind} where ${kinds.join(" or ")} was expected`);
}

function isOfKind<Kind extends Answer["kind"]>(
  answer: Answer,
  kinds: readonly Kind[],
): answer is Answer & OfKind<Answer, Kind> {
  return (kinds as readonly string[]).includes(answer.kind);
}
