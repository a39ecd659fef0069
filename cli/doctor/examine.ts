import type { Invocation, Outcome } from "../command.ts";
import { CommandFailed } from "../command-failed.ts";
import { checkKafka } from "./check-kafka.ts";
import { checkKeys } from "./check-keys.ts";
import { checkPostgres } from "./check-postgres.ts";
import { checkProcess } from "./check-process.ts";
import { checkRedis } from "./check-redis.ts";
import { checkRegistry } from "./check-registry.ts";
import { exitCodeFor, type Finding, findingsText, wrong } from "./finding.ts";

type Check = () => Promise<readonly Finding[]>;

/** Looks at everything the system needs, all at once; a part that is away does not hide the others. */
export async function examine(invocation: Invocation): Promise<Outcome> {
  const { settings, clock, flag } = invocation;
  const consumersUrl = flag("consumers-url")?.replace(/\/+$/, "");
  const prefix = settings.require("topicPrefix");
  const checks: readonly (readonly [name: string, Check])[] = [
    ["gateway", () => checkProcess({ name: "gateway", url: settings.require("url"), clock, wayOut: GATEWAY_AWAY })],
    ...(consumersUrl === undefined ? [] : [["consumers", consumers(consumersUrl, clock)] as const]),
    ["Postgres", () => checkPostgres(settings.require("databaseUrl"), clock)],
    ["Redis", () => checkRedis(settings.require("redisUrl"))],
    [
      "Kafka",
      () => checkKafka({ brokers: settings.require("brokers").split(","), prefix, partitions: countOf(settings) }),
    ],
    ["schema registry", () => checkRegistry(settings.require("registryUrl"), prefix)],
    ["keys", () => checkKeys(invocation)],
  ];
  const findings = (await Promise.all(checks.map(([name, check]) => withoutSetting(name, check)))).flat();
  const exitCode = exitCodeFor(findings);
  return { document: { isWell: exitCode === 0, findings }, text: findingsText(findings), exitCode };
}

const GATEWAY_AWAY = 'Start the system with "npm start", or see whether --url (GATEWAY_URL) is right';

function consumers(url: string, clock: Invocation["clock"]): Check {
  return () => checkProcess({ name: "consumers", url, clock, wayOut: "Start the consumers, or mend --consumers-url" });
}

function countOf(settings: Invocation["settings"]): number {
  return Number(settings.require("partitions"));
}

/** An address that is not given is a finding of its own. */
async function withoutSetting(name: string, check: Check): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.kind !== "wrong_use") throw error;
    return [wrong(name, error.message, error.wayOut ?? "")];
  }
}
