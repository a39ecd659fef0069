import type { Redis } from "ioredis";
import type { Codec } from "../messaging/codec.ts";
import { classify } from "../messaging/failure-policy.ts";
import type { Publisher } from "../messaging/publisher.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Config } from "../runtime/config.ts";
import type { Health } from "../runtime/health.ts";
import { createCommandIds, newId } from "../runtime/ids.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { createValidators } from "../schemas/validators.ts";
import type { ActiveLinkReader } from "../storage/active-link-lock.ts";
import { findKey, noteKeyUse } from "../storage/configuration/api-keys.ts";
import { createIdempotencyRecords } from "../storage/configuration/idempotency.ts";
import { storeImage } from "../storage/configuration/images.ts";
import { announceKeyChange } from "../storage/configuration/key-changes.ts";
import { webhookSecrets } from "../storage/configuration/webhook-secrets.ts";
import type { Database } from "../storage/orm.ts";
import type { Sealing } from "../storage/sealing.ts";
import { type ApiKeyCache, createApiKeyCache } from "./api-key-cache.ts";
import { createKeyUse } from "./api-key-use.ts";
import type { GatewayDependencies } from "./app.ts";
import { createCommandWriter } from "./command-writer.ts";
import { createConfigurationWriter, OPERATORS } from "./configuration-writer.ts";
import { readDocumentation } from "./documentation.ts";
import { isoTime } from "./iso-time.ts";
import { createLinkAddresses } from "./link-address.ts";
import { createLinkTokens } from "./link-token.ts";
import { createPolicyChanges } from "./policy-changes.ts";
import { createPublishCommand } from "./publish-command.ts";
import { createRateLimits } from "./rate-limits.ts";
import { createReads } from "./reads.ts";
import { createReplayParked } from "./replay-parked.ts";
import type { PartnerRequest } from "./route.ts";
import { createSessionStreams, type SessionStreams } from "./session-streams.ts";
import { createReadSessionText } from "./session-text.ts";
import { createUserTurns } from "./user-turns.ts";
import type { Waiting } from "./waiting.ts";
import { createWidgetPage } from "./widget-page.ts";

/** What main.ts has put together: the process itself, and its ways to the other systems. */
export interface GatewayParts {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly clock: Clock;
  readonly database: Pick<Database, "em">;
  readonly redis: Redis;
  readonly sealing: Sealing;
  readonly activeLinks: ActiveLinkReader;
  readonly publisher: Pick<Publisher, "publish">;
  readonly codec: Pick<Codec, "decode">;
  readonly waiting: Waiting;
  /** The name under which `waiting` hears decisions. */
  readonly replyTo: string;
}

/** A gateway's dependencies, what to call when keys or partners have changed, and the streams to wake and to end. */
export interface WiredGateway {
  readonly dependencies: GatewayDependencies;
  readonly forgetKeys: () => void;
  readonly sessionStreams: SessionStreams;
}

/** Puts a gateway together out of the parts of its process. Nothing connects or starts here. */
export function wireGateway(parts: GatewayParts): WiredGateway {
  const { config, log, metrics, health, clock, database, redis, sealing, activeLinks } = parts;
  const { em } = database;
  const keys = keyCache(parts);
  const tokens = createLinkTokens(config.serverSecret);
  const commandIds = createCommandIds(config.serverSecret, clock);
  const idempotency = createIdempotencyRecords(sealing);
  const reads = createReads(em);
  const readSessionText = createReadSessionText({ reads, clock });
  const sessionStreams = createSessionStreams({ read: readSessionText });
  metrics.beforeScrape({
    name: "session streams",
    gauges: [metrics.sessionStreams],
    read: async () => metrics.sessionStreams.set(sessionStreams.count()),
  });
  const dependencies: GatewayDependencies = {
    ...{ log, metrics, clock, newId, reads, tokens, commandIds, readSessionText, sessionStreams },
    observed: { health, metrics },
    findKey: keys.find,
    count: createRateLimits({ redis, prefix: config.redisPrefix }),
    linksPerMinute: config.linksPerMinute,
    requestsPerMinute: config.requestsPerMinute,
    widgetOrigins: config.widgetOrigins,
    adminKey: config.adminKey ?? null,
    configure: createConfigurationWriter({ em, idempotency, clock }, () => OPERATORS),
    configureOwn: createConfigurationWriter({ em, idempotency, clock }, ({ caller }: PartnerRequest) => caller),
    sealing,
    readSecrets: (scope) => webhookSecrets(em(), scope, { sealing, now: isoTime(clock) }),
    keysChanged: async () => {
      keys.clear();
      await announceKeyChange({ redis, prefix: config.redisPrefix });
    },
    policies: createPolicyChanges({ ...parts, em, commandIds }),
    replayParked: createReplayParked({ ...parts, topicPrefix: config.topicPrefix }),
    allowPrivateTargets: config.allowPrivateTargets,
    deliveryRetentionDays: config.deliveryRetentionDays,
    isTemporary: (error) => classify(error).kind === "temporary",
    validate: createValidators(),
    storeImage: (scope, image) => storeImage(em(), { scope, image }, isoTime(clock)),
    readActiveLink: activeLinks.read,
    addresses: createLinkAddresses(config.widgetBaseUrl, tokens),
    widgetPage: createWidgetPage(config.widgetOrigins),
    documentation: readDocumentation(),
    write: createCommandWriter({
      ...{ commandIds, clock, replyTo: parts.replyTo },
      publishCommand: createPublishCommand(parts),
      turn: createUserTurns({ perSecond: config.userWritesPerSecond, clock }),
      findDecision: (scope, commandId) => reads.findDecidedCommand({ scope, commandId }),
      idempotency: {
        claim: (claim) => idempotency.claim(em(), claim),
        complete: (key, answer) => idempotency.complete(em(), key, answer),
        release: (key, commandId) => idempotency.release(em(), key, commandId),
      },
    }),
  };
  return { dependencies, forgetKeys: keys.clear, sessionStreams };
}

/** Every look-up of a key is also a use of it. */
function keyCache({ database, clock, log }: GatewayParts): ApiKeyCache<Awaited<ReturnType<typeof findKey>>> {
  const write = (keyId: string, now: string) => noteKeyUse(database.em(), keyId, now);
  const noteUse = createKeyUse({ write, clock, log });
  const find = async (sha256: string) => {
    const key = await findKey(database.em(), sha256);
    if (key !== null) noteUse(key.keyId);
    return key;
  };
  return createApiKeyCache({ find, clock });
}
