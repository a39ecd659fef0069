import { randomBytes } from "node:crypto";
import { WEBHOOK_EVENT_TYPES } from "../../domain/webhook/catalogue.ts";
import { createValidators } from "../../schemas/validators.ts";
import { createCaller } from "./call.ts";
import { openEndpoint } from "./endpoint.ts";
import { playFirstTransaction } from "./first-transaction.ts";
import { playSecondTransaction, playThirdTransaction } from "./later-transactions.ts";
import type { Story } from "./narrate.ts";
import { createPartnerClient } from "./partner-client.ts";
import { hearAll } from "./stage.ts";
import { createWidgetClient, type WidgetClient } from "./widget-client.ts";

export interface JourneySettings {
  readonly gatewayUrl: string;
  readonly apiKey: string;
  readonly story: Story;
}

/**
 * Plays the seed's three transactions (S13) against a running system, over HTTP and with a webhook receiver of its own,
 * for a user nobody has seen before. Throws DemoFailed at the first thing that is not as it should be.
 */
export async function playJourney({ gatewayUrl, apiKey, story }: JourneySettings): Promise<void> {
  const validators = createValidators();
  const caller = (headers: Readonly<Record<string, string>>) =>
    createCaller({ baseUrl: gatewayUrl, headers, story, validators });
  const partner = createPartnerClient(caller({ "X-API-Key": apiKey }));
  const referenceId = `user_${randomBytes(6).toString("hex")}`;
  story.chapter("Before: the partner's webhook endpoint");
  const { receiver, endpointId } = await openEndpoint(partner, (body) => webhookFault(body, validators));
  const widgetOf = (url: string): WidgetClient => {
    const { linkId, token } = partsOf(url);
    return createWidgetClient(caller({ Authorization: `Bearer ${token}` }), linkId);
  };
  const stage = { story, partner, receiver, gatewayUrl, widgetOf, referenceId };
  try {
    await playFirstTransaction(stage);
    await playSecondTransaction(stage);
    await playThirdTransaction(stage);
    story.chapter("Afterwards");
    await hearAll(stage);
    await partner.deleteEndpoint(endpointId);
  } finally {
    await receiver.close();
  }
}

/** The link's id is in the address; its secret is behind the #, which no server sees. */
function partsOf(url: string): { readonly linkId: string; readonly token: string } {
  const { pathname, hash } = new URL(url);
  return { linkId: pathname.split("/").at(-2) ?? "", token: hash.slice(1) };
}

/** A webhook that its published schema does not describe is a broken promise. */
function webhookFault(body: unknown, validators: ReturnType<typeof createValidators>): string | null {
  const event = typeof body === "object" && body !== null && "event" in body ? body.event : undefined;
  const known = WEBHOOK_EVENT_TYPES.find((type) => type === event);
  if (known === undefined) return "it is of no documented event";
  const [problem] = validators(`webhooks/${known}`)(body);
  return problem === undefined ? null : `${known} breaks its contract: ${problem.message}`;
}
