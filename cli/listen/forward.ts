import type { ReceivedWebhook } from "./check-signatures.ts";

/** What the receiver behind us answered; `status` null when it did not. */
export interface Forwarded {
  readonly status: number | null;
  readonly reason: string | null;
}

/** As long as a delivery may take (api.md section 6). */
const ANSWER_WITHIN_MS = 30_000;
/** They are about the connection that ends here. */
const OF_THE_CONNECTION = ["host", "connection", "content-length", "transfer-encoding", "keep-alive", "expect"];

/** Sends a webhook on as it came: the same bytes, the same headers. Never throws. */
export async function forward(target: string, { headers, body }: ReceivedWebhook): Promise<Forwarded> {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    OF_THE_CONNECTION.includes(name) || value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(target, { method: "POST", headers: kept, body, signal, redirect: "manual" });
    await response.body?.cancel();
    return { status: response.status, reason: null };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { status: null, reason: cause instanceof Error ? cause.message || cause.name : "no reason given" };
  }
}
