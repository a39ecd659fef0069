import { createGateway } from "../../gateway/app.ts";
import { wireGateway } from "../../gateway/dependencies.ts";
import { createHttpServer } from "../../gateway/http-server.ts";
import { createWaiting } from "../../gateway/waiting.ts";
import { systemClock } from "../../runtime/clock.ts";
import { loadConfig } from "../../runtime/config.ts";
import { createHealth } from "../../runtime/health.ts";
import { createLifecycle, stopOnSignal } from "../../runtime/lifecycle.ts";
import { createLog } from "../../runtime/log.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import { createIdentityHash } from "../../storage/identity-hash.ts";
import { createDatabase } from "../../storage/orm.ts";
import { createRedis } from "../../storage/redis.ts";
import { createSealing } from "../../storage/sealing.ts";
import { createOrmTransactions } from "./orm-transactions.ts";
import { createPgTransactions } from "./pg-transactions.ts";

/**
 * A synchronous service that a user could have built instead: the same Koa application with the same authentication, rate
 * limit, validation and answers, but a command is decided and stored in one transaction of the request itself. No Kafka,
 * no registry, no Redis lock; and nobody publishes its outbox, which is in its favour. `orm` or `pg` on the command line.
 */
const kind = process.argv[2] === "pg" ? "pg" : "orm";
const config = loadConfig();
const log = createLog({ level: config.logLevel, component: `baseline-${kind}` });
const metrics = createMetrics("gateway");
const database = await createDatabase({
  ...{ url: config.databaseUrl, poolSize: config.databasePoolSize, applicationName: `baseline-${kind}`, log },
  lockTimeoutMs: config.lockTimeoutMs,
  idleInTransactionTimeoutMs: config.idleInTransactionTimeoutMs,
  statementTimeoutMs: config.statementTimeoutMs,
  // MikroORM prepares nothing by itself; (b) prepares its own statements.
  isPreparing: false,
});
const deciding = {
  addresses: { widget: config.widgetBaseUrl, gateway: config.gatewayUrl },
  identityHash: createIdentityHash(config.serverSecret),
};
const { databaseUrl, databasePoolSize: poolSize } = config;
const transactions =
  kind === "pg"
    ? createPgTransactions({ ...deciding, databaseUrl, poolSize })
    : createOrmTransactions(database, { ...deciding, poolSize });
const redis = createRedis({ url: config.redisUrl, timeoutMs: config.redisTimeoutMs, name: "baseline", log });
const waiting = createWaiting({
  findDecisions: async () => [],
  isListening: () => true,
  timeoutMs: config.decisionTimeoutMs,
});
const unused = () => Promise.reject(new Error("a baseline has no Kafka"));
const { dependencies } = wireGateway({
  ...{ config, log, metrics, clock: systemClock, database, redis, waiting, replyTo: "baseline" },
  health: createHealth(),
  sealing: createSealing(config.serverSecret),
  activeLinks: { read: async () => null },
  // The place where the gateway hands a command to Kafka: here it is decided on the spot.
  publisher: { publish: async ({ value }) => waiting.hear(await transactions.apply(value as never)) },
  codec: { decode: unused },
});
const lifecycle = createLifecycle(
  [
    { name: "postgres", stop: database.close },
    { name: "transactions", stop: transactions.close },
    { name: "redis", stop: async () => redis.disconnect() },
    createHttpServer(createGateway(dependencies), { port: config.gatewayPort, host: config.gatewayHost }),
  ],
  { stopTimeoutMs: config.shutdownTimeoutMs, log },
);
stopOnSignal(lifecycle, log);
await lifecycle.start();
