import { createKey, PERMISSIONS } from "../../storage/configuration/api-keys.ts";
import { storeParked } from "../../storage/configuration/parked-messages.ts";
import { type Answered, callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

/** Who and what requests may name; nothing here changes while requests are made, so that a seed stays a seed. */
export interface Stage {
  readonly system: System;
  readonly adminKey: string;
  /** May do everything. */
  readonly apiKey: string;
  /** Of the same partner; may only read. */
  readonly readKey: string;
  readonly foreignKey: string;
  /** Tokens of links by their id. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Values for parameters and properties by name: own ones, another partner's, and some that nobody has. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Ids that only their own partner's key may reach. */
  readonly ownIds: readonly string[];
  readonly foreignIds: readonly string[];
  readonly stop: () => Promise<void>;
}

const ADMIN_KEY = "an admin key for the fuzzer only";
const PERSON = {
  name: { firstName: "Ana", secondName: "Sol", lastName: "Torres" },
  idNumber: "ABCD12345678",
  dob: "1990-05-15",
  paymentMethod: { type: "cash", cash: { provider: "corner-shop" } },
};

/**
 * A system in which nothing changes but by requests: no sandbox, no timers. A partner with links, a data request, a
 * verified user and a transfer, another one whose resources must stay out of reach, and a third that administration may
 * disturb. Parked messages only where they are wanted: a replayed one is applied whenever the consumer comes to it.
 */
export async function prepareStage({ hasParked }: { readonly hasParked: boolean }): Promise<Stage> {
  const system = await startSystem({ consumers: ["users", "cip-results"], environment: { ADMIN_KEY } });
  const own = await system.newPartner({ permissions: PERMISSIONS });
  const foreign = await system.newPartner();
  const disturbed = await system.newPartner();
  const em = system.database.em();
  const now = new Date().toISOString();
  const reading = await createKey(em, { partner: own.slug, environment: "test", permissions: ["read"] }, now);
  const spare = await createKey(em, { partner: disturbed.slug, environment: "test", permissions: ["read"] }, now);
  const links = await makeLinks(callerOf(system.gatewayUrl), own.apiKey, foreign.apiKey);
  await makeResult(system, links.opened, { outcome: "verified" });
  await makeResult(system, links.verified, { outcome: "verified" });
  await makeResult(system, links.failed, { outcome: "failed", final: true });
  const operationId = await makeTransfer(system, links.opened);
  const parkedIds = hasParked ? await park(system) : [];
  const known = await knownOf(callerOf(system.gatewayUrl), { apiKey: own.apiKey, links: Object.values(links) });
  const { created, opened, revoked, others } = links;
  return {
    ownIds: [...[created, opened, revoked].map(idOf), operationId, known["eventId"]?.[0] ?? ""],
    foreignIds: [idOf(others)],
    ...{ system, apiKey: own.apiKey, readKey: reading.text, foreignKey: foreign.apiKey, adminKey: ADMIN_KEY },
    tokens: Object.fromEntries(Object.values(links).map((link) => [idOf(link), link.json.data.token])),
    known: {
      ...known,
      operationId: [operationId, "op_acme_000000000000"],
      keyId: [spare.keyId, "key_acme_000000000000"],
      parkedId: [...parkedIds, "0-0"],
      partner: [disturbed.slug, "nobody"],
      slug: [disturbed.slug, "nobody"],
    },
    stop: system.stop,
  };
}

type MakeCall = ReturnType<typeof callerOf>;

async function makeLinks(call: MakeCall, apiKey: string, foreignKey: string) {
  const post = (path: string, body: object, key: string) => call({ method: "POST", path, apiKey: key, body });
  const newLink = (key: string, referenceId: string, more: object = {}) =>
    post("/partner/links", { referenceId, ...more }, key);
  // Data is asked for only where somebody would hear of it; nobody sends anything: no webhooks consumer runs.
  for (const path of ["hooks", "others", "more"]) {
    const made = await post("/partner/webhook-endpoints", { url: `https://partner.example/${path}` }, apiKey);
    await post("/partner/replays", { endpointId: made.json.data.endpointId }, apiKey);
  }
  const created = await newLink(apiKey, "fuzz-1", { userData: { name: { firstName: "Ana" } } });
  const opened = await newLink(apiKey, "fuzz-2", { userData: PERSON });
  const revoked = await newLink(apiKey, "fuzz-3");
  await post(`/partner/links/${idOf(revoked)}/revoke`, {}, apiKey);
  const [verified, failed, complete] = [
    await newLink(apiKey, "fuzz-4", { userData: PERSON }),
    await newLink(apiKey, "fuzz-5", { userData: PERSON }),
    await newLink(apiKey, "fuzz-6", { userData: PERSON }),
  ];
  const others = await newLink(foreignKey, "canary", { userData: PERSON });
  return { created, opened, revoked, verified, failed, complete, others };
}

/** What the page behind a link does. */
function pageOf(system: System, link: Answered) {
  return (path: string, body?: object) =>
    callerOf(system.gatewayUrl)({
      method: body === undefined ? "GET" : "POST",
      path: `/widget/links/${idOf(link)}${path}`,
      bearer: link.json.data.token,
      body,
    });
}

/** Submits the identity check of a link's user, and lets the CIP system answer it. */
async function makeResult(system: System, link: Answered, result: object): Promise<void> {
  const step = pageOf(system, link);
  await step("/open", {});
  const { attemptId } = (await step("/cip", {})).json.data;
  const kafka = await system.connectKafka();
  const about = { attemptId, provider: "cip", providerEventId: `r-${attemptId}`, occurredAt: "2026-01-31T09:30:00Z" };
  await kafka.writeValues("cipResults", null, [{ ...about, ...result }]);
  await kafka.stop();
  const isOver = async () => (await step("")).json.data.userState !== "cip_pending";
  await until("the result is there", isOver);
}

/** Confirms a transfer on the link of a verified user; gives its id. */
async function makeTransfer(system: System, link: Answered): Promise<string> {
  const amount = { send: 60.5, currency: { source: "USD", destination: "MXN" } };
  return (await pageOf(system, link)("/operation", { amount })).json.data.operationId;
}

/** Parks copies of a command that was decided before; gives their ids. */
async function park(system: System): Promise<readonly string[]> {
  const kafka = await system.connectKafka();
  const [command] = await kafka.read("userCommands");
  const topic = kafka.name("userCommands");
  await kafka.stop();
  const place = { consumer: "users", topic, partition: 0, offset: "0", key: command?.key ?? null };
  const about = { reason: "unhandled", detail: "it was set aside for the fuzzer", ...place };
  const rawBase64 = command?.value?.toString("base64") ?? null;
  const parkedIds = ["0-1", "0-2", "0-3", "0-4"];
  const parked = parkedIds.map((parkedId) => ({ parkedId, ...about, rawBase64, parkedAt: "2026-01-31T09:30:00.000Z" }));
  await storeParked(system.database.em(), parked);
  return parkedIds;
}

interface Made {
  readonly apiKey: string;
  readonly links: readonly Answered[];
}

async function knownOf(call: MakeCall, { apiKey, links }: Made): Promise<Stage["known"]> {
  const [event] = (await call({ path: "/partner/events?limit=1", apiKey })).json.data.items;
  const history = (await call({ path: "/partner/users/fuzz-1/history", apiKey })).json.data.items;
  const requests = (await call({ path: "/partner/data-requests", apiKey })).json.data.items as {
    dataRequestId: string;
  }[];
  const endpoints = (await call({ path: "/partner/webhook-endpoints", apiKey })).json.data.items as {
    endpointId: string;
  }[];
  const replays = (await call({ path: "/partner/replays", apiKey })).json.data.items as { replayId: string }[];
  return {
    linkId: [...links.map(idOf), "link_acme_000000000000"],
    referenceId: ["fuzz-1", "fuzz-2", "fuzz-3", "fuzz-4", "fuzz-5", "fuzz-6", "fuzz-7", "canary", "fuzz user @~"],
    userId: [...links.map((link) => link.json.data.userId), "user_acme_000000000000"],
    dataRequestId: [...requests.map(({ dataRequestId }) => dataRequestId), "dr_acme_000000000000"],
    eventId: [event.id, "evt_acme_000000000000"],
    commandId: [history[0].cause, "cmd_acme_000000000000"],
    endpointId: [...endpoints.map(({ endpointId }) => endpointId), "ep_acme_000000000000"],
    replayId: [...replays.map(({ replayId }) => replayId), "rpl_acme_000000000000"],
    path: ["name.firstName", "idNumber", "paymentMethod", "nothing.here"],
    flow: ["m2m-basic"],
  };
}

function idOf({ json }: Answered): string {
  return json.data.linkId;
}
