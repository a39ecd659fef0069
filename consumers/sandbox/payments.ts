import type { RunningConsumer } from "../../messaging/run-consumer.ts";
import type { OperationRequest } from "../../schemas/generated.ts";
import { type AnsweringSettings, createAnsweringConsumer, type PlayedAnswer } from "./answering.ts";

/**
 * What the played payment system says of a request: `processing`, then `completed`, or `failed` when the amount to send
 * ends in .13; `cancelled` when asked to cancel. Nothing for environment live, ever.
 */
export function paymentAnswers({
  environment,
  operationId,
  action,
  amount,
}: OperationRequest): readonly PlayedAnswer[] {
  if (environment !== "test") return [];
  const say = (status: string, more: Readonly<Record<string, unknown>> = {}): PlayedAnswer => ({
    topic: "operationUpdates",
    key: operationId,
    providerEventId: `${operationId}/${status}`,
    facts: { operationId, status, ...more },
  });
  if (action === "cancel") return [say("cancelled")];
  const end = amount.send.endsWith(".13")
    ? say("failed", { failureReason: "Declined by the sandbox: the amount ends in .13" })
    : say("completed");
  return [say("processing"), end];
}

/** The internal payment system, played. */
export function createSandboxPayments(settings: Omit<AnsweringSettings, "topic" | "answers">): RunningConsumer {
  return createAnsweringConsumer({
    ...settings,
    topic: "operationRequests",
    answers: (request) => paymentAnswers(request as OperationRequest),
  });
}
