import { randomUUID } from "node:crypto";

/** Who creates links over HTTP, as a careful partner does. */
export interface LinkClient {
  /**
   * Creates a link for a user that nobody has seen, and asks again with the same Idempotency-Key until it is created,
   * whatever happens meanwhile. Gives the `benchId` that its webhook carries; null when it was told to give up before.
   */
  readonly create: () => Promise<string | null>;
  readonly giveUp: () => void;
}

/** Between one try and the next, growing. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const ANSWER_WITHIN_MS = 15_000;

/** A client of one partner at a gateway. */
export function createLinkClient(gatewayUrl: string, apiKey: string): LinkClient {
  let isOver = false;
  return {
    create: async () => {
      const benchId = randomUUID();
      const sentAtMs = (performance.timeOrigin + performance.now()).toFixed(3);
      const body = JSON.stringify({ referenceId: `ref-${benchId}`, metadata: { benchId, sentAtMs } });
      const headers = { "content-type": "application/json", "x-api-key": apiKey, "idempotency-key": benchId };
      for (let pauseMs = FIRST_PAUSE_MS; !isOver; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
        if ((await post(`${gatewayUrl}/partner/links`, { headers, body })) === 201) return benchId;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      return null;
    },
    giveUp: () => {
      isOver = true;
    },
  };
}

/** The status; null without an answer. */
async function post(url: string, call: { readonly headers: Record<string, string>; readonly body: string }) {
  try {
    const answer = await fetch(url, { method: "POST", ...call, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}

/** Creates links at a steady rate until it is stopped, and gives the ids of all that were created. */
export function createSteadily(client: LinkClient, perSecond: number): { readonly stop: () => Promise<string[]> } {
  const creating: Promise<string | null>[] = [];
  const timer = setInterval(() => creating.push(client.create()), 1_000 / perSecond);
  return {
    stop: async () => {
      clearInterval(timer);
      return (await Promise.all(creating)).filter((id) => id !== null);
    },
  };
}
