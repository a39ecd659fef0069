import { randomUUID } from "node:crypto";
import { createCodec } from "../messaging/codec.ts";
import { createKafka } from "../messaging/kafka.ts";
import { createPublisher } from "../messaging/publisher.ts";
import { systemClock } from "../runtime/clock.ts";
import { type Config, loadConfig } from "../runtime/config.ts";
import { createHealth } from "../runtime/health.ts";
import { createLifecycle, stopOnSignal } from "../runtime/lifecycle.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMetrics, type Metrics } from "../runtime/metrics.ts";
import { createActiveLinkReader } from "../storage/active-link-lock.ts";
import { listenForKeyChanges } from "../storage/configuration/key-changes.ts";
import { createDecisionListener, findDecisions } from "../storage/decisions.ts";
import { createDatabase } from "../storage/orm.ts";
import { createRedis } from "../storage/redis.ts";
import { createSealing } from "../storage/sealing.ts";
import { listenForUserChanges } from "../storage/user-changes.ts";
import { createGateway } from "./app.ts";
import { wireGateway } from "./dependencies.ts";
import { createHttpServer } from "./http-server.ts";
import { createWaiting } from "./waiting.ts";

const NAME = "m2m-gateway";

/** Starts the gateway; a signal stops it: no new requests, the waiting ones answered, then the connections. */
async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLog({ level: config.logLevel, component: "gateway" });
  const metrics = createMetrics("gateway", { watchProcess: true });
  const health = createHealth();
  const { parts, database, publisher, listenTo, disconnect } = await createParts(config, log, metrics);
  const { dependencies, forgetKeys, sessionStreams } = wireGateway({
    ...parts,
    config,
    log,
    metrics,
    health,
    clock: systemClock,
  });
  const server = createHttpServer(createGateway(dependencies), { port: config.gatewayPort, host: config.gatewayHost });
  const lifecycle = createLifecycle(
    [
      { name: "postgres", stop: database.close },
      { name: "redis", start: async () => listenTo(forgetKeys, sessionStreams.wake), stop: disconnect },
      { name: "publisher", start: publisher.start, stop: publisher.stop },
      server,
      { name: "session streams", stop: sessionStreams.stop },
    ],
    { stopTimeoutMs: config.shutdownTimeoutMs, log },
  );
  health.addReady("postgres", async () => {
    await database.check();
    return { ok: true };
  });
  health.addReady("kafka", () => ({ ok: publisher.isConnected() }));
  stopOnSignal(lifecycle, log);
  await lifecycle.start();
  log.info({ port: server.port() }, "The gateway runs");
}

/** The ways to Postgres, Kafka and Redis. A connection that listens can do nothing else, so there are four to Redis. */
async function createParts(config: Config, log: Log, metrics: Metrics) {
  const prefix = config.redisPrefix;
  const replyTo = `gateway-${randomUUID()}`;
  const database = await createDatabase({
    ...{ url: config.databaseUrl, poolSize: config.databasePoolSize, applicationName: NAME, log },
    lockTimeoutMs: config.lockTimeoutMs,
    idleInTransactionTimeoutMs: config.idleInTransactionTimeoutMs,
    isPreparing: config.databasePreparedStatements,
    statementTimeoutMs: config.statementTimeoutMs,
  });
  const connect = (name: string) =>
    createRedis({ url: config.redisUrl, timeoutMs: config.redisTimeoutMs, name: `gateway-${name}`, log });
  const [redis, decisions] = [connect("calls"), connect("decisions")];
  const [keyChanges, userChanges] = [connect("key-changes"), connect("user-changes")];
  const waiting = createWaiting({
    findDecisions: (commandIds) => findDecisions(database.em(), commandIds),
    isListening: () => listener.isListening(),
    timeoutMs: config.decisionTimeoutMs,
  });
  const listener = createDecisionListener({ redis: decisions, prefix, replyTo, hear: waiting.hear });
  const codec = createCodec({ registryUrl: config.schemaRegistryUrl, prefix: config.topicPrefix });
  const publisher = createPublisher({
    ...{ prefix: config.topicPrefix, ackTimeoutMs: config.produceTimeoutMs, metrics, log },
    kafka: createKafka({ brokers: config.kafkaBrokers, clientId: NAME, log }),
    codec,
  });
  const activeLinks = createActiveLinkReader({ redis, prefix, timeoutMs: config.redisTimeoutMs, metrics });
  return {
    parts: {
      database,
      redis,
      publisher,
      codec,
      waiting,
      replyTo,
      activeLinks,
      sealing: createSealing(config.serverSecret),
    },
    database,
    publisher,
    listenTo: (forget: () => void, hear: (userKeys: readonly string[]) => void) => {
      listenForKeyChanges({ redis: keyChanges, prefix, forget });
      listenForUserChanges({ redis: userChanges, prefix, hear });
    },
    disconnect: async () => {
      for (const connection of [redis, decisions, keyChanges, userChanges]) connection.disconnect();
    },
  };
}

await main().catch((error: unknown) => {
  const all = error instanceof AggregateError ? error.errors : [error];
  process.stderr.write(`${all.map(sentenceOf).join("\n")}\n`);
  process.exit(1);
});

/** What is wrong, and why, for the person who started the process. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${sentenceOf(error.cause)}`;
}
