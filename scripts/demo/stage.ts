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
  const isMeant = ({ data }: Webhook): boolean => wanted.every(([name, value]) => data[name] === value);
  const matches = (webhook: Webhook): boolean => webhook.event === event && isMeant(webhook);
  const webhook = await receiver.next({ name: event, matches });
  story.heard(event, describe(webhook));
  return webhook;
}

/** Every event of this user up to the newest that was heard has arrived, each under a number of its own. */
export async function hearAll({ story, receiver, referenceId }: Stage): Promise<void> {
  const isOurs = ({ data }: Webhook): boolean => data["referenceId"] === referenceId;
  const newest = Math.max(
    ...receiver
      .all()
      .filter(isOurs)
      .map(({ sequence }) => sequence),
  );
  const numbers = Array.from({ length: newest }, (_, index) => index + 1);
  const matching = (number: number) => (webhook: Webhook) => isOurs(webhook) && webhook.sequence === number;
  await Promise.all(
    numbers.map((number) => receiver.next({ name: `with sequence ${number}`, matches: matching(number) })),
  );
  const heard = receiver
    .all()
    .filter(isOurs)
    .map(({ sequence }) => sequence);
  story.expect(
    `the user's events 1 to ${newest} have all arrived, none under the number of another`,
    heard.toSorted(byNumber),
    numbers,
  );
}

const byNumber = (a: number, b: number): number => a - b;

const TOLD = ["requiredFields", "paths", "from", "to", "status", "attemptId", "operationId"] as const;

function describe({ sequence, data }: Webhook): string {
  const facts = TOLD.filter((name) => data[name] !== undefined).map(
    (name) => `${name}: ${[data[name]].flat().join(", ")}`,
  );
  return `(sequence ${sequence}, both signatures fit)  ${facts.join("; ")}`;
}
