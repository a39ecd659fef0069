import type { Command } from "../../domain/commands.ts";
import { DEFAULT_SETTINGS, type PartnerSettings } from "../../domain/partner.ts";
import { createGateway, type GatewayDependencies } from "../../gateway/app.ts";
import { createCommandWriter } from "../../gateway/command-writer.ts";
import { createLinkAddresses } from "../../gateway/link-address.ts";
import { createLinkTokens } from "../../gateway/link-token.ts";
import { createPublishCommand } from "../../gateway/publish-command.ts";
import { createRateLimits } from "../../gateway/rate-limits.ts";
import type { Reads } from "../../gateway/reads.ts";
import { createSessionStreams } from "../../gateway/session-streams.ts";
import { createReadSessionText } from "../../gateway/session-text.ts";
import { createWaiting } from "../../gateway/waiting.ts";
import { createWidgetPage } from "../../gateway/widget-page.ts";
import { classify } from "../../messaging/failure-policy.ts";
import { manualClock } from "../../runtime/clock.ts";
import { createHealth } from "../../runtime/health.ts";
import { createCommandIds, newId } from "../../runtime/ids.ts";
import { createLog } from "../../runtime/log.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import { createValidators } from "../../schemas/validators.ts";
import { hashOfKey, type KnownKey } from "../../storage/configuration/api-keys.ts";
import type { Claim, Claimed, IdempotencyKey, RememberedAnswer } from "../../storage/configuration/idempotency.ts";
import type { StoredDecision } from "../../storage/decisions.ts";
import { createSealing } from "../../storage/sealing.ts";
import { type Answered, type Call, callerOf, serve } from "../support/http.ts";

export const NOW = "2026-03-01T12:00:00.000Z";
export const KEY = `m2m_test_${"a".repeat(32)}`;
export const ADMIN_KEY = "an admin key for tests";
/** Compiled once for all gateways of a test file. */
const validate = createValidators();
const SECRET = "a server secret for tests, long enough";

/** What the writer would decide about a command; null: nothing comes. An Error: what publishing it throws. */
export type Decide = (command: Command) => Omit<StoredDecision, "commandId"> | null | Error;

export interface FakeGatewaySettings {
  readonly decide?: Decide;
  readonly reads?: Partial<Reads>;
  readonly activeLink?: string | null | "unknown";
  readonly permissions?: KnownKey["permissions"];
  readonly settings?: Partial<PartnerSettings>;
  readonly decisionTimeoutMs?: number;
  readonly overrides?: Partial<GatewayDependencies>;
}

/** A gateway over HTTP with nothing behind it but memory. */
export interface FakeGateway {
  readonly url: string;
  readonly call: (call: Call) => Promise<Answered>;
  /** The same with the known key. */
  readonly asPartner: (call: Call) => Promise<Answered>;
  readonly published: readonly Command[];
  readonly logged: readonly Record<string, unknown>[];
  readonly keys: Map<string, KnownKey>;
  readonly clock: ReturnType<typeof manualClock>;
  readonly dependencies: GatewayDependencies;
  /** Decisions that stand in the database from now on. */
  readonly stored: Map<string, StoredDecision>;
  readonly stop: () => Promise<void>;
}

/** Starts a gateway whose neighbours are the given ones, or know and decide nothing. */
export async function fakeGateway(given: FakeGatewaySettings = {}): Promise<FakeGateway> {
  const clock = manualClock(Date.parse(NOW));
  const logged: Record<string, unknown>[] = [];
  const stored = new Map<string, StoredDecision>();
  const published: Command[] = [];
  const keys = new Map<string, KnownKey>([[hashOfKey(KEY), knownKey(given)]]);
  const metrics = createMetrics("gateway");
  const validateCommand = validate("messages/user-commands");
  const waiting = createWaiting({
    timeoutMs: given.decisionTimeoutMs ?? 1_000,
    isListening: () => true,
    findDecisions: async (ids) => ids.flatMap((id) => stored.get(id) ?? []),
  });
  const publisher = {
    publish: async ({ value }: { readonly value: Command }) => {
      const problems = validateCommand(value);
      if (problems.length > 0) throw new Error(`not a command: ${JSON.stringify(problems)}`);
      const decision = given.decide?.(value) ?? null;
      if (decision instanceof Error) throw decision;
      published.push(value);
      if (decision === null) return;
      stored.set(value.commandId, { commandId: value.commandId, ...decision });
      waiting.hear({ commandId: value.commandId, ...decision });
    },
  };
  const tokens = createLinkTokens(SECRET);
  const commandIds = createCommandIds(SECRET, clock.now);
  const idempotency = memoryIdempotency();
  const reads = { ...EMPTY_READS, ...given.reads };
  const readSessionText = createReadSessionText({ reads, clock: clock.now });
  const dependencies: GatewayDependencies = {
    ...{ metrics, validate, tokens, commandIds, newId, clock: clock.now },
    log: createLog({
      level: "debug",
      component: "gateway",
      destination: { write: (line) => void logged.push(JSON.parse(line)) },
    }),
    observed: { health: createHealth(), metrics },
    findKey: async (sha256) => keys.get(sha256) ?? null,
    count: createRateLimits({ redis: null, prefix: "test:" }),
    linksPerMinute: 100,
    requestsPerMinute: 1_000,
    widgetOrigins: ["https://pay.example"],
    adminKey: ADMIN_KEY,
    ...NO_OPERATORS,
    allowPrivateTargets: false,
    deliveryRetentionDays: 30,
    isTemporary: (error) => classify(error).kind === "temporary",
    reads,
    readSessionText,
    sessionStreams: createSessionStreams({ read: readSessionText }),
    storeImage: async () => ({ imageId: "img_acme_000000000001", sha256: "0".repeat(64), sizeInBytes: 3 }),
    readActiveLink: async () => given.activeLink ?? null,
    addresses: createLinkAddresses("https://pay.example", tokens),
    widgetPage: createWidgetPage([]),
    documentation: { openapi: "{}", asyncapi: "{}", html: "", headers: {} },
    write: createCommandWriter({
      ...{ commandIds, idempotency, clock: clock.now, replyTo: "gateway-test", turn: () => Promise.resolve() },
      publishCommand: createPublishCommand({ publisher, waiting, clock: clock.now, metrics }),
      findDecision: async (_, commandId) => stored.get(commandId) ?? null,
    }),
    ...given.overrides,
  };
  const served = await serve(createGateway(dependencies));
  const call = callerOf(served.url);
  const asPartner = (one: Call) => call({ apiKey: KEY, ...one });
  return { url: served.url, call, asPartner, published, logged, keys, clock, dependencies, stored, stop: served.stop };
}

/** What operators and partners configure has nothing to change here: the system tests show it. */
const NO_OPERATORS = {
  configure: async () => {
    throw new Error("no configuration in memory");
  },
  sealing: createSealing(SECRET),
  readSecrets: async () => [`whsec_${"A".repeat(43)}=`],
  configureOwn: async () => {
    throw new Error("no configuration in memory");
  },
  keysChanged: () => Promise.resolve(),
  replayParked: async () => null,
  policies: {
    preview: async () => ({
      policy: "basic@1",
      users: 0,
      becomeIncomplete: 0,
      becomeComplete: 0,
      verifiedAskedLater: 0,
    }),
    apply: async () => 0,
  },
};

function knownKey({ permissions, settings }: FakeGatewaySettings): KnownKey {
  return {
    keyId: "key_acme_000000000001",
    partner: "acme",
    environment: "test",
    permissions: permissions ?? ["links:write", "users:write", "read", "webhooks:write"],
    isSuspended: false,
    name: "Acme",
    settings: { ...DEFAULT_SETTINGS, ...settings },
  };
}

const EMPTY_READS: Reads = {
  findLink: async () => null,
  readLink: async () => null,
  listLinks: async () => ({ items: [], total: 0 }),
  findUser: async () => null,
  findDataRequest: async () => null,
  listOperations: async () => ({ items: [], total: 0 }),
  findDecidedCommand: async () => null,
  listWebhookDeliveries: async () => ({ items: [], nextCursor: null }),
  findWidgetSession: async () => null,
  listLinkActivity: async () => null,
  listUsers: async () => ({ items: [], total: 0 }),
  listHistory: async () => "unknown_user",
  readFullHistory: async () => null,
  listDataRequests: async () => ({ items: [], total: 0 }),
  findOperation: async () => null,
  listEvents: async () => ({ items: [], nextCursor: null }),
  findEvent: async () => null,
  findPartner: async () => null,
  listPartners: async () => ({ items: [], total: 0 }),
  findKeyById: async () => null,
  listKeys: async () => ({ items: [], total: 0 }),
  findParked: async () => null,
  listParked: async () => ({ items: [], total: 0 }),
  listReviews: async () => ({ items: [], total: 0 }),
  listEndpoints: async () => [],
  findEndpoint: async () => null,
  listReplays: async () => ({ items: [], total: 0 }),
  findReplay: async () => null,
  addressOfUser: async () => null,
  findSuspectedDuplicates: async () => new Map(),
  addressesOfOperations: async () => new Map(),
};

interface Known {
  readonly bodyHash: string;
  readonly commandId: string | null;
  readonly answer: RememberedAnswer | null;
}

function memoryIdempotency() {
  const known = new Map<string, Known>();
  const idOf = ({ partner, environment, method, path, key }: IdempotencyKey) =>
    JSON.stringify([partner, environment, method, path, key]);
  return {
    claim: async (claim: Claim): Promise<Claimed> => {
      const { bodyHash, commandId } = claim;
      const found = known.get(idOf(claim));
      if (found === undefined) {
        known.set(idOf(claim), { bodyHash, commandId, answer: null });
        return { kind: "new", commandId };
      }
      if (found.bodyHash !== bodyHash) return { kind: "reused" };
      if (found.answer === null) return { kind: "joined", commandId: found.commandId };
      return { kind: "answered", commandId: found.commandId, ...found.answer };
    },
    complete: async (key: IdempotencyKey, answer: RememberedAnswer) => {
      const found = known.get(idOf(key));
      if (found?.answer === null) known.set(idOf(key), { ...found, answer });
      return found?.answer ?? answer;
    },
    release: async (key: IdempotencyKey) => void known.delete(idOf(key)),
  };
}
