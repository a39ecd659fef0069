import type { EventAnswer, EventResentAnswer, EventsAnswer, WebhookDeliveriesAnswer } from "../../schemas/generated.ts";
import type { CommandGroup, Flag, Invocation, Outcome } from "../command.ts";
import { textRecord, textTable } from "../text-table.ts";

const PATH = "/partner/events";
const EVENT = { name: "eventId", sentence: "The event's id." };
const SETTINGS_USED = ["url", "key"] as const;
const CURSOR_FLAGS: readonly Flag[] = [
  { name: "limit", placeholder: "COUNT", sentence: "Items on a page, 1 to 100; 20 when left out." },
  { name: "cursor", placeholder: "TEXT", sentence: "The page behind the one before." },
];

export const eventsGroup: CommandGroup = {
  word: "events",
  sentence: "What happened, as webhooks tell it; send an event again.",
  commands: [
    {
      path: ["events", "list"],
      sentence: "Events, newest first.",
      arguments: [],
      flags: [
        { name: "type", placeholder: "NAME", sentence: "Only of this type." },
        { name: "reference", placeholder: "ID", sentence: "Only of this user." },
        { name: "from", placeholder: "TIME", sentence: "Happened at or after, in ISO 8601." },
        { name: "to", placeholder: "TIME", sentence: "Happened at or before." },
        ...CURSOR_FLAGS,
      ],
      settings: SETTINGS_USED,
      examples: ["m2m events list --type user.data_request"],
      run: listEvents,
    },
    {
      path: ["events", "show"],
      sentence: "One event, as its webhook tells it.",
      arguments: [EVENT],
      flags: [],
      settings: SETTINGS_USED,
      examples: ["m2m events show evt_acme_k3v9x2m4p7q1"],
      run: showEvent,
    },
    {
      path: ["events", "resend"],
      sentence: "Send an event again, under its own id, to those who would receive it now.",
      arguments: [EVENT],
      flags: [{ name: "endpoint", placeholder: "ID", sentence: "Only to this endpoint." }],
      settings: SETTINGS_USED,
      examples: ["m2m events resend evt_acme_k3v9x2m4p7q1 --endpoint ep_acme_m4p7q1k3v9x2"],
      run: resendEvent,
    },
  ],
};

export const deliveriesGroup: CommandGroup = {
  word: "deliveries",
  sentence: "What became of the webhooks that were sent.",
  commands: [
    {
      path: ["deliveries", "list"],
      sentence: "Deliveries, newest first, with how their last attempt went.",
      arguments: [],
      flags: [
        { name: "endpoint", placeholder: "ID", sentence: "Only to this endpoint." },
        {
          ...{ name: "status", placeholder: "STATUS", sentence: "Only in this status." },
          oneOf: ["pending", "delivering", "parked", "delivered", "failed"],
        },
        { name: "event", placeholder: "NAME", sentence: "Only of this event type." },
        ...CURSOR_FLAGS,
      ],
      settings: SETTINGS_USED,
      examples: ["m2m deliveries list --status failed"],
      run: listDeliveries,
    },
  ],
};

async function listEvents({ flag, gateway }: Invocation): Promise<Outcome> {
  const query = {
    ...{ type: flag("type"), referenceId: flag("reference"), from: flag("from"), to: flag("to") },
    ...{ limit: flag("limit"), cursor: flag("cursor") },
  };
  const page = await gateway.call<EventsAnswer["data"]>({ as: "partner", method: "GET", path: PATH, query });
  const table = textTable(page.items, [
    ["EVENT ID", ({ id }) => id],
    ["AT", ({ timestamp }) => timestamp],
    ["WHAT", ({ event }) => event],
    ["NUMBER", ({ sequence }) => sequence],
  ]);
  return { document: page, text: withNext(table, page.nextCursor) };
}

async function showEvent({ argument, gateway }: Invocation): Promise<Outcome> {
  const path = `${PATH}/${encodeURIComponent(argument("eventId"))}`;
  const event = await gateway.call<EventAnswer["data"]>({ as: "partner", method: "GET", path });
  return { document: event, text: textRecord({ ...event }) };
}

async function resendEvent({ argument, flag, gateway }: Invocation): Promise<Outcome> {
  const path = `${PATH}/${encodeURIComponent(argument("eventId"))}/resend`;
  const body = { endpointId: flag("endpoint") };
  const resent = await gateway.call<EventResentAnswer["data"]>({ as: "partner", method: "POST", path, body });
  const text = textTable(resent.deliveries, [
    ["DELIVERY ID", ({ deliveryId }) => deliveryId],
    ["ENDPOINT", ({ endpointId }) => endpointId],
    ["URL", ({ url }) => url],
  ]);
  return { document: resent, text };
}

async function listDeliveries({ flag, gateway }: Invocation): Promise<Outcome> {
  const query = {
    ...{ endpoint: flag("endpoint"), status: flag("status"), event: flag("event") },
    ...{ limit: flag("limit"), cursor: flag("cursor") },
  };
  const call = { as: "partner", method: "GET", path: "/partner/webhook-deliveries", query } as const;
  const page = await gateway.call<WebhookDeliveriesAnswer["data"]>(call);
  const table = textTable(page.items, [
    ["DELIVERY ID", ({ deliveryId }) => deliveryId],
    ["EVENT", ({ event }) => event],
    ["STATUS", ({ status }) => status],
    ["ATTEMPTS", ({ attempts }) => attempts.length],
    ["NEXT", ({ nextAttemptAt }) => nextAttemptAt],
    ["LAST PROBLEM", ({ attempts }) => attempts.at(-1)?.explanation],
  ]);
  return { document: page, text: withNext(table, page.nextCursor) };
}

function withNext(table: string, nextCursor: string | null): string {
  return nextCursor === null ? table : `${table}\nmore: --cursor ${nextCursor}`;
}
