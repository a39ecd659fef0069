import type { RunningConsumer } from "../../messaging/run-consumer.ts";
import type { OperationRequest } from "../../schemas/generated.ts";
import { type AnsweringSettings, createAnsweringConsumer, type PlayedAnswer } from "./answering.ts";

/**
 * What the played payment system says of a request: `processing`, then `completed`, or `failed` when the amount to send
 * ends in .13. One that ends in .77 is left waiting, for those who want to cancel it (`cancelled`) or to see it overdue;
 * every other is under way at once, so that asking to cancel it comes too late and is not answered (J5). Nothing for
 * environment live, ever.
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
  const isWaiting = amount.send.endsWith(".77");
  if (action === "cancel") return isWaiting ? [say("cancelled")] : [];
  if (isWaiting) return [];
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
