import { createKey, PERMISSIONS } from "../../storage/configuration/api-keys.ts";
import { type Answered, callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";

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
  readonly stop: () => Promise<void>;
}

const ADMIN_KEY = "an admin key for the fuzzer only";
const PERSON = {
  name: { firstName: "Ana", secondName: "Sol", lastName: "Torres" },
  idNumber: "ABCD12345678",
  dob: "1990-05-15",
};

/**
 * A system of gateway and users consumer alone, so that nothing changes but by requests; a partner with links in several
 * states, another one whose resources must stay out of reach, and a third that administration may disturb.
 */
export async function prepareStage(): Promise<Stage> {
  const system = await startSystem({ consumers: ["users"], environment: { ADMIN_KEY } });
  const own = await system.newPartner({ permissions: PERMISSIONS });
  const foreign = await system.newPartner();
  const disturbed = await system.newPartner();
  const now = new Date().toISOString();
  const reading = await createKey(
    system.database.em(),
    { partner: own.slug, environment: "test", permissions: ["read"] },
    now,
  );
  const call = callerOf(system.gatewayUrl);
  const newLink = (apiKey: string, referenceId: string, more: object = {}) =>
    call({ method: "POST", path: "/partner/links", apiKey, body: { referenceId, ...more } });
  const created = await newLink(own.apiKey, "fuzz-1", { userData: { name: { firstName: "Ana" } } });
  const opened = await newLink(own.apiKey, "fuzz-2", { userData: PERSON });
  const revoked = await newLink(own.apiKey, "fuzz-3");
  const others = await newLink(foreign.apiKey, "canary", { userData: PERSON });
  await call({
    ...{ method: "POST", path: `/widget/links/${idOf(opened)}/open`, bearer: opened.json.data.token, body: {} },
  });
  await call({ method: "POST", path: `/partner/links/${idOf(revoked)}/revoke`, apiKey: own.apiKey, body: {} });
  const links = [created, opened, revoked, others];
  const eventId = (await call({ path: "/partner/events?limit=1", apiKey: own.apiKey })).json.data.items[0].id;
  return {
    ...{ system, apiKey: own.apiKey, readKey: reading.text, foreignKey: foreign.apiKey, adminKey: ADMIN_KEY },
    tokens: Object.fromEntries(links.map((link) => [idOf(link), link.json.data.token])),
    known: {
      linkId: [...links.map(idOf), "link_acme_000000000000"],
      referenceId: ["fuzz-1", "fuzz-2", "fuzz-3", "fuzz-4", "fuzz-5", "canary", "fuzz user @ñ"],
      userId: [...links.map((link) => link.json.data.userId), "user_acme_000000000000"],
      dataRequestId: [...links.flatMap((link) => link.json.data.dataRequestId ?? []), "dr_acme_000000000000"],
      eventId: [eventId, "evt_acme_000000000000"],
      operationId: ["op_acme_000000000000"],
      commandId: ["cmd_acme_000000000000"],
      endpointId: ["ep_acme_000000000000"],
      keyId: ["key_acme_000000000000"],
      partner: [disturbed.slug, "nobody"],
      slug: [disturbed.slug, "nobody"],
      parkedId: ["1", "0"],
      path: ["name.firstName", "idNumber", "paymentMethod", "nothing.here"],
      flow: ["m2m-basic"],
    },
    stop: system.stop,
  };
}

function idOf({ json }: Answered): string {
  return json.data.linkId;
}
