import type { RunningConsumer } from "../../messaging/run-consumer.ts";
import type { CipRequest } from "../../schemas/generated.ts";
import { type AnsweringSettings, createAnsweringConsumer, type PlayedAnswer } from "./answering.ts";

/** What the end of an idNumber forces, for partners who want to see every outcome. */
const FORCED: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["FAIL", { outcome: "failed", reasons: [{ code: "SANDBOX_FAIL", retryable: true }] }],
  ["FINAL", { outcome: "failed", final: true, reasons: [{ code: "SANDBOX_FINAL", retryable: false }] }],
  [
    "MORE",
    {
      outcome: "needs_data",
      missingFields: ["dob"],
      reasons: [{ code: "SANDBOX_MORE", field: "dob", retryable: true }],
    },
  ],
];

/**
 * What the played CIP system says of a request: `verified`, unless the evidence's idNumber ends in FAIL (failed, may be
 * tried again), FINAL (failed for good) or MORE (needs the dob again). Nothing for environment live, ever.
 */
export function cipAnswers({ environment, attemptId, fields }: CipRequest): readonly PlayedAnswer[] {
  if (environment !== "test") return [];
  const forced = FORCED.find(([ending]) => fields.idNumber?.endsWith(ending));
  const facts = { attemptId, ...(forced?.[1] ?? { outcome: "verified" }) };
  return [{ topic: "cipResults", key: attemptId, providerEventId: `${attemptId}/result`, facts }];
}

/** The internal CIP system, played. */
export function createSandboxCip(settings: Omit<AnsweringSettings, "topic" | "answers">): RunningConsumer {
  return createAnsweringConsumer({
    ...settings,
    topic: "cipRequests",
    answers: (request) => cipAnswers(request as CipRequest),
  });
}
