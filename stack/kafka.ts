import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { exists } from "./exists.ts";
import { logFile, makeFolder, serviceFolder } from "./folders.ts";
import { pidFile } from "./leftovers.ts";
import { freePort } from "./ports.ts";
import { kafkaAnswers } from "./probes.ts";
import { type Service, startService } from "./service-process.ts";
import { StackError } from "./stack-error.ts";

/** A running Kafka broker and its address. */
export interface KafkaService extends Service {
  readonly brokers: string;
}

/** What a Kafka needs: `java` is the executable, `libraries` the folder with Kafka's jars. */
export interface KafkaOptions {
  readonly dir: string;
  readonly port: number;
  readonly java: string;
  readonly libraries: string;
  readonly signal?: AbortSignal | undefined;
}

const LOGGING = join(import.meta.dirname, "kafka-log4j2.properties");
const ENVIRONMENT = { LC_ALL: "C", TZ: "UTC" };

/**
 * Starts one Kafka broker that is its own controller (KRaft) at 127.0.0.1, with its data in `<dir>/kafka`, formatted the
 * first time with a cluster id of its own. Refuses with a StackError.
 */
export async function startKafka(options: KafkaOptions): Promise<KafkaService> {
  const { dir, port, signal } = options;
  const folder = serviceFolder(dir, "kafka");
  await makeFolder(folder);
  const properties = join(folder, "server.properties");
  await writeFile(properties, settings({ folder, port, controllerPort: await freePort() }));
  if (!(await exists(join(folder, "data", "meta.properties")))) await format(options, properties);
  const service = await startService({
    name: "kafka",
    port,
    executable: options.java,
    arguments: ["-Xmx512m", ...javaArguments(options), "kafka.Kafka", properties],
    environment: ENVIRONMENT,
    workingFolder: folder,
    log: logFile(dir, "kafka"),
    pidFile: pidFile(dir, "kafka"),
    marker: properties,
    stopSignal: "SIGTERM",
    stopWithinMs: 20_000,
    readyWithinMs: 90_000,
    isReady: () => kafkaAnswers(port),
    signal,
  });
  return { ...service, brokers: `127.0.0.1:${port}` };
}

function javaArguments({ libraries }: KafkaOptions): readonly string[] {
  // Without the second compiler a start costs 2.2 s of processor time instead of 4.8 s, on two cores for all services.
  return [
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    `-Dlog4j2.configurationFile=${LOGGING}`,
    "-cp",
    join(libraries, "*"),
  ];
}

async function format(options: KafkaOptions, properties: string): Promise<void> {
  const tool = ["kafka.tools.StorageTool", "format", "--cluster-id", newClusterId(), "--config", properties];
  // What an interrupted formatting has left is in the way of the next one.
  await rm(join(serviceFolder(options.dir, "kafka"), "data"), { recursive: true, force: true });
  try {
    await promisify(execFile)(options.java, [...javaArguments(options), ...tool], {
      env: ENVIRONMENT,
      signal: options.signal,
    });
  } catch (error) {
    const printed = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    throw new StackError(`Kafka could not format its data folder: ${printed || String(error)}`, { cause: error });
  }
}

/** Kafka's form of a UUID; one that starts with a dash would be read as an option. */
function newClusterId(): string {
  const id = randomBytes(16).toString("base64url");
  return id.startsWith("-") ? newClusterId() : id;
}

function settings(places: { folder: string; port: number; controllerPort: number }): string {
  const properties = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${places.controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${places.port},CONTROLLER://127.0.0.1:${places.controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${places.port}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": join(places.folder, "data"),
    "auto.create.topics.enable": false,
    "num.partitions": 24,
    "default.replication.factor": 1,
    // The three internal topics would else want three brokers.
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    // After a crash the broker may join again when its last session has run out: 9 s would be the default.
    "broker.session.timeout.ms": 5_000,
    "broker.heartbeat.interval.ms": 1_000,
    // One developer, one machine: nobody else is about to join the group.
    "group.initial.rebalance.delay.ms": 0,
    // Lets SESSION_TIMEOUT_MS be tried out below Kafka's own limit of 6 s.
    "group.min.session.timeout.ms": 3_000,
  };
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  return `${lines.join("\n")}\n`;
}
