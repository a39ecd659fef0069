import type {
  ReplayAnswer,
  SecretRotatedAnswer,
  TestEventAnswer,
  WebhookEndpointAnswer,
  WebhookEndpointCreatedAnswer,
  WebhookEndpointRemovedAnswer,
  WebhookEndpointsAnswer,
} from "../../schemas/generated.ts";
import type { CommandEntry, CommandGroup, Flag, Invocation, Outcome } from "../command.ts";
import { givenInteger } from "../given-json.ts";
import { PAGE_FLAGS, pageOutcome, pageQuery } from "../paging.ts";
import { textRecord } from "../text-table.ts";

const PATH = "/partner/webhook-endpoints";
const ENDPOINT = { name: "endpointId", sentence: "The endpoint's id." };
const SETTINGS_USED = ["url", "key"] as const;
const OVERLAP: Flag = {
  ...{ name: "overlap-hours", placeholder: "COUNT" },
  sentence: "For how long the old secret signs too, 0 to 168; 24 when left out.",
};
const FIELDS: readonly Flag[] = [
  { name: "event", placeholder: "NAME", isRepeatable: true, sentence: "Only these; every event when left out." },
  { name: "description", placeholder: "TEXT", sentence: "What it is for." },
  { name: "rate-limit", placeholder: "COUNT", sentence: "Attempts per second at most, 1 to 10000." },
  {
    ...{ name: "delay-ms", placeholder: "COUNT", isRepeatable: true },
    sentence: "A delay before another attempt, one for each; the documented ones when left out.",
  },
];

export const endpointsGroup: CommandGroup = {
  word: "endpoints",
  sentence: "Where a partner's webhooks go: add, see, change, pause, test, and get back what was missed.",
  commands: [
    {
      path: ["endpoints", "create"],
      sentence: "Add an endpoint; its secret is shown only now.",
      arguments: [{ name: "target", sentence: "The https URL that takes webhooks." }],
      flags: [...FIELDS, { name: "strict-order", sentence: "One delivery of a user at a time, in the events' order." }],
      settings: SETTINGS_USED,
      examples: ["m2m endpoints create https://partner.example/webhooks --event link.completed"],
      run: createEndpoint,
    },
    {
      path: ["endpoints", "list"],
      sentence: "Endpoints, newest first.",
      arguments: [],
      flags: PAGE_FLAGS,
      settings: SETTINGS_USED,
      examples: ["m2m endpoints list"],
      run: listEndpoints,
    },
    onOne({ word: "show", sentence: "One endpoint, and how it has been doing.", run: showEndpoint }),
    onOne({
      ...{ word: "update", sentence: "Change an endpoint; what is not named stays.", run: updateEndpoint },
      flags: [
        { name: "target", placeholder: "URL", sentence: "Where webhooks go from now on." },
        ...FIELDS,
        {
          ...{ name: "strict-order", placeholder: "YES" },
          oneOf: ["true", "false"],
          sentence: "In the events' order.",
        },
        {
          ...{ name: "reset", placeholder: "FIELD", isRepeatable: true },
          oneOf: ["events", "description", "schedule", "rateLimit"],
          sentence: "Back to what holds when it is left out.",
        },
      ],
    }),
    onOne({ word: "pause", sentence: "Let what would be sent gather and wait.", run: setStatus("paused") }),
    onOne({ word: "resume", sentence: "Send again; also one that was disabled.", run: setStatus("enabled") }),
    onOne({ word: "delete", sentence: "Delete an endpoint; what waits for it fails.", run: deleteEndpoint }),
    onOne({
      word: "rotate-secret",
      sentence: "Make a new secret, shown only now.",
      flags: [OVERLAP],
      run: rotateSecret,
    }),
    onOne({ word: "test", sentence: "Send it a webhook.test event.", run: testEndpoint }),
    onOne({
      ...{ word: "recover", sentence: "Send again what it missed since a moment.", run: recoverEndpoint },
      flags: [
        { name: "since", placeholder: "TIME", isRequired: true, sentence: "A moment in ISO 8601." },
        { name: "rate", placeholder: "COUNT", sentence: "Deliveries per second at most." },
      ],
    }),
  ],
};

interface OnOne {
  readonly word: string;
  readonly sentence: string;
  readonly flags?: readonly Flag[];
  readonly run: CommandEntry["run"];
}

function onOne({ word, sentence, flags = [], run }: OnOne): CommandEntry {
  const needed = flags.filter(({ isRequired }) => isRequired).map(({ name }) => ` --${name} 2026-01-31T09:30:00Z`);
  const examples = [`m2m endpoints ${word} ep_acme_k3v9x2m4p7q1${needed.join("")}`];
  return { path: ["endpoints", word], sentence, arguments: [ENDPOINT], flags, settings: SETTINGS_USED, examples, run };
}

function pathOf({ argument }: Invocation): string {
  return `${PATH}/${encodeURIComponent(argument("endpointId"))}`;
}

function fieldsOf({ flag, flags }: Invocation) {
  const [events, delays] = [flags("event"), flags("delay-ms")];
  return {
    ...(events.length === 0 ? {} : { events }),
    ...(delays.length === 0 ? {} : { schedule: delays.map((delay) => givenInteger("delay-ms", delay)) }),
    description: flag("description"),
    rateLimit: givenInteger("rate-limit", flag("rate-limit")),
  };
}

async function createEndpoint(invocation: Invocation): Promise<Outcome> {
  const { argument, isSet, gateway } = invocation;
  const strictOrder = isSet("strict-order") ? { strictOrder: true } : {};
  const body = { url: argument("target"), ...fieldsOf(invocation), ...strictOrder };
  const call = { as: "partner", method: "POST", path: PATH, body } as const;
  const { warnings: _, ...made } = await gateway.call<WebhookEndpointCreatedAnswer["data"]>(call);
  return { document: made, text: textRecord(made) };
}

async function listEndpoints(invocation: Invocation): Promise<Outcome> {
  const call = { as: "partner", method: "GET", path: PATH, query: pageQuery(invocation) } as const;
  return pageOutcome(await invocation.gateway.call<WebhookEndpointsAnswer["data"]>(call), [
    ["ENDPOINT ID", ({ endpointId }) => endpointId],
    ["STATUS", ({ status }) => status],
    ["FAILING SINCE", ({ failingSince }) => failingSince],
    ["URL", ({ url }) => url],
    ["EVENTS", ({ events }) => events ?? "every event"],
  ]);
}

async function showEndpoint(invocation: Invocation): Promise<Outcome> {
  const call = { as: "partner", method: "GET", path: pathOf(invocation) } as const;
  return shown(await invocation.gateway.call<WebhookEndpointAnswer["data"]>(call));
}

async function updateEndpoint(invocation: Invocation): Promise<Outcome> {
  const { flag, flags } = invocation;
  const order = flag("strict-order");
  return change(invocation, {
    ...{ url: flag("target"), ...fieldsOf(invocation) },
    ...(order === undefined ? {} : { strictOrder: order === "true" }),
    ...(flags("reset").length === 0 ? {} : { reset: flags("reset") }),
  });
}

function setStatus(status: "enabled" | "paused") {
  return (invocation: Invocation) => change(invocation, { status });
}

async function change(invocation: Invocation, body: object): Promise<Outcome> {
  const call = { as: "partner", method: "PATCH", path: pathOf(invocation), body } as const;
  return shown(await invocation.gateway.call<WebhookEndpointAnswer["data"]>(call));
}

async function deleteEndpoint(invocation: Invocation): Promise<Outcome> {
  const call = { as: "partner", method: "DELETE", path: pathOf(invocation) } as const;
  return shown(await invocation.gateway.call<WebhookEndpointRemovedAnswer["data"]>(call));
}

async function rotateSecret(invocation: Invocation): Promise<Outcome> {
  const body = { overlapHours: givenInteger("overlap-hours", invocation.flag("overlap-hours")) };
  const call = { as: "partner", method: "POST", path: `${pathOf(invocation)}/rotate-secret`, body } as const;
  return shown(await invocation.gateway.call<SecretRotatedAnswer["data"]>(call));
}

async function testEndpoint(invocation: Invocation): Promise<Outcome> {
  const call = { as: "partner", method: "POST", path: `${pathOf(invocation)}/test`, body: {} } as const;
  return shown(await invocation.gateway.call<TestEventAnswer["data"]>(call));
}

async function recoverEndpoint(invocation: Invocation): Promise<Outcome> {
  const { flag, gateway } = invocation;
  const body = { since: flag("since"), rate: givenInteger("rate", flag("rate")) };
  const call = { as: "partner", method: "POST", path: `${pathOf(invocation)}/recover`, body } as const;
  return shown(await gateway.call<ReplayAnswer["data"]>(call));
}

function shown(document: object): Outcome {
  return { document, text: textRecord({ ...document }) };
}
