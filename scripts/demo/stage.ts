import type { Story } from "./narrate.ts";
import type { PartnerClient } from "./partner-client.ts";
import type { Receiver, Webhook } from "./receiver.ts";
import type { WidgetClient } from "./widget-client.ts";

/** What the transactions are played with. */
export interface Stage {
  readonly story: Story;
  readonly partner: PartnerClient;
  readonly receiver: Receiver;
  readonly gatewayUrl: string;
  /** The widget behind a link, opened with the address that the partner got. */
  readonly widgetOf: (linkUrl: string) => WidgetClient;
  /** The partner's own identifier of the user. */
  readonly referenceId: string;
}

/** What a webhook must say besides being about this user. */
export interface Facts {
  readonly linkId?: string;
  readonly source?: string;
  readonly to?: string;
}

/** Waits for a webhook about this user that says these facts, and tells it. */
export async function hear(stage: Stage, event: string, facts: Facts = {}): Promise<Webhook> {
  const { story, receiver, referenceId } = stage;
  const wanted = Object.entries({ referenceId, ...facts });
  const where = (data: Webhook["data"]): boolean => wanted.every(([name, value]) => data[name] === value);
  const webhook = await receiver.next({ event, where });
  story.heard(event, describe(webhook));
  return webhook;
}

const TOLD = ["requiredFields", "paths", "from", "to", "status", "attemptId", "operationId"] as const;

function describe({ sequence, data }: Webhook): string {
  const facts = TOLD.filter((name) => data[name] !== undefined).map(
    (name) => `${name}: ${[data[name]].flat().join(", ")}`,
  );
  return `(sequence ${sequence}, both signatures fit)  ${facts.join("; ")}`;
}
