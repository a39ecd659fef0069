import { loadConfig } from "../runtime/config.ts";
import { createHealth } from "../runtime/health.ts";
import { createHealthServer } from "../runtime/health-server.ts";
import { createLifecycle, stopOnSignal } from "../runtime/lifecycle.ts";
import { createLog } from "../runtime/log.ts";
import { createMetrics } from "../runtime/metrics.ts";
import { CONSUMERS, chosenConsumers } from "./wiring/consumers.ts";
import { createShared } from "./wiring/shared.ts";

/** Starts the consumers named on the command line, or all of them; each can run in a process of its own. */
async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLog({ level: config.logLevel, component: "consumers" });
  const names = chosenConsumers(process.argv.slice(2), config);
  const metrics = createMetrics("consumers", { watchProcess: true });
  const health = createHealth();
  const onCrash = (error: unknown): void => {
    log.error({ error }, "A consumer cannot go on; the process ends");
    process.exit(1);
  };
  const clientId = `m2m-consumers-${names.join("-")}`;
  const shared = await createShared({ config, log, metrics, onCrash, clientId });
  health.addReady("postgres", async () => {
    await shared.database.check();
    return { ok: true };
  });
  const consumers = names.map((name) => CONSUMERS[name](shared));
  for (const { checks } of consumers) {
    for (const [name, check] of Object.entries(checks)) health.addReady(name, check);
  }
  const server = createHealthServer({ health, metrics }, { host: config.consumersHost, port: config.consumersPort });
  const parts = [
    { name: "postgres", stop: shared.database.close },
    { name: "publisher", start: shared.publisher.start, stop: shared.publisher.stop },
    server,
    // Together: while Kafka is away each takes its time to say goodbye.
    consumers,
  ];
  const lifecycle = createLifecycle(parts, { stopTimeoutMs: config.shutdownTimeoutMs, log });
  stopOnSignal(lifecycle, log);
  await lifecycle.start().catch((error: unknown) => {
    log.error({ error }, "The consumers did not start");
    process.exit(1);
  });
  log.info({ consumers: names }, "All consumers run");
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
