import { createHash } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import type { MeAnswer } from "../../schemas/generated.ts";
import type { Invocation } from "../command.ts";
import { wrongUse } from "../command-failed.ts";
import { givenInteger } from "../given-json.ts";
import { type ReceivedWebhook, signatureProblem } from "./check-signatures.ts";
import { closeEndpoint, createEndpointMemory, type EndpointMemory, openEndpoint } from "./endpoint.ts";
import { type Forwarded, forward } from "./forward.ts";
import { startReceiver, WEBHOOK_PATH } from "./receiver.ts";

/**
 * Receives a partner's webhooks on this machine until Ctrl-C: verifies both signatures, tells each in one line, and sends
 * it on as it came. What the receiver behind answers is what the gateway hears, so that its retries can be seen too.
 */
export async function listen(invocation: Invocation): Promise<null> {
  const { gateway, note, stop } = invocation;
  const target = targetOf(invocation);
  const memory = await memoryOf(invocation);
  const port = givenInteger("port", invocation.flag("port")) ?? (await memory.recall())?.port ?? 0;
  let secret: string | null = null;
  const receiver = await startReceiver(port, async (webhook) => {
    // Until the secret is known nothing can be verified: it comes again.
    return secret === null ? 503 : take(webhook, { invocation, target, secret });
  });
  try {
    const url = invocation.flag("public-url") ?? `http://127.0.0.1:${receiver.port}${WEBHOOK_PATH}`;
    const endpoint = await openEndpoint(gateway, memory, { url, port: receiver.port });
    secret = endpoint.secret;
    note(`Listening at ${url} as ${endpoint.endpointId}; forwarding to ${target}. Ctrl-C ends it.`);
    if (!stop.aborted) await once(stop, "abort");
    const isGone = await closeEndpoint(gateway, memory, endpoint);
    note(isGone ? "The endpoint is removed." : `The endpoint ${endpoint.endpointId} stays, for the next run to reuse.`);
    return null;
  } finally {
    await receiver.close();
  }
}

function targetOf({ flag }: Invocation): string {
  const target = URL.parse(flag("forward-to") ?? "");
  if (target === null || !["http:", "https:"].includes(target.protocol)) {
    throw wrongUse("--forward-to must be an http or https URL", "As --forward-to http://127.0.0.1:3000/webhooks");
  }
  return target.href;
}

/** One per gateway and partner: an endpoint belongs to one of them. */
async function memoryOf({ gateway, settings }: Invocation): Promise<EndpointMemory> {
  const me = await gateway.call<MeAnswer["data"]>({ as: "partner", method: "GET", path: "/partner/me" });
  const place = `${settings.require("url")} ${me.slug} ${me.environment}`;
  const name = createHash("sha256").update(place).digest("hex").slice(0, 12);
  return createEndpointMemory(join(settings.stackDir, `listen-${name}.json`));
}

interface Taking {
  readonly invocation: Invocation;
  readonly target: string;
  readonly secret: string;
}

const ANSWER_WHEN_AWAY = 502;

async function take(webhook: ReceivedWebhook, { invocation, target, secret }: Taking): Promise<number> {
  const { clock, stream, flags, note } = invocation;
  const problem = signatureProblem(webhook, secret, clock());
  if (problem !== null) {
    note(`Not forwarded: a request came that is not genuine (${problem}).`);
    return 400;
  }
  const told = factsOf(webhook);
  const wanted = flags("event");
  if (wanted.length > 0 && !wanted.includes(told.event)) return 204;
  const sentAt = clock();
  const forwarded = await forward(target, webhook);
  const document = { ...told, forwarded: { ...forwarded, tookMs: clock() - sentAt } };
  stream(document, lineOf(told, forwarded));
  return forwarded.status ?? ANSWER_WHEN_AWAY;
}

interface Facts {
  readonly at: string;
  readonly event: string;
  readonly id: string;
  readonly sequence: number | null;
  readonly referenceId: string | null;
  readonly attempt: number | null;
}

function factsOf({ headers, body }: ReceivedWebhook): Facts {
  const webhook = JSON.parse(body) as {
    readonly id: string;
    readonly event: string;
    readonly timestamp: string;
    readonly sequence?: number;
    readonly data?: { readonly referenceId?: string };
  };
  const { id, event, timestamp, sequence = null, data } = webhook;
  const attempt = Number(headers["x-m2m-attempt"]);
  return {
    ...{ at: timestamp, event, id, sequence },
    referenceId: data?.referenceId ?? null,
    attempt: Number.isNaN(attempt) ? null : attempt,
  };
}

function lineOf({ at, event, id, sequence, referenceId, attempt }: Facts, { status, reason }: Forwarded): string {
  const repeat = attempt !== null && attempt > 1 ? ` (attempt ${attempt})` : "";
  const answer = status === null ? `not forwarded: ${reason}` : `answered ${status}`;
  return `${at}  ${event}  ${referenceId ?? "-"} #${sequence ?? "-"}  ${id}${repeat}  ${answer}`;
}
