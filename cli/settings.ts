import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { OPTIONS } from "../runtime/config.ts";
import type { Environment } from "../runtime/options.ts";
import { wrongUse } from "./command-failed.ts";

/** A setting of every command: a flag, else an environment variable, else what the local stack wrote down, else a default. */
export interface Setting {
  readonly flag: string;
  readonly placeholder: string;
  readonly variable: string;
  /** Its name in `.stack/demo.json`. */
  readonly demo?: string;
  readonly default?: string;
  readonly isSecret?: true;
  readonly sentence: string;
}

export const SETTINGS = {
  url: {
    ...{ flag: "url", placeholder: "URL", variable: "GATEWAY_URL", demo: "gatewayUrl" },
    default: `http://127.0.0.1:${OPTIONS.GATEWAY_PORT.default}`,
    sentence: "The gateway.",
  },
  key: {
    ...{ flag: "key", placeholder: "KEY", variable: "API_KEY", demo: "apiKey", isSecret: true },
    sentence: "A partner's key. Others on the machine can see flags: prefer the variable.",
  },
  adminKey: {
    ...{ flag: "admin-key", placeholder: "KEY", variable: "ADMIN_KEY", demo: "adminKey", isSecret: true },
    sentence: "The operators' key.",
  },
  operator: {
    ...{ flag: "operator", placeholder: "NAME", variable: "ADMIN_ACTOR", default: "admin" },
    sentence: "Who you are, for the history of what operators did; never a person's name.",
  },
  databaseUrl: {
    ...{ flag: "database-url", placeholder: "URL", variable: "DATABASE_URL", demo: "databaseUrl", isSecret: true },
    sentence: "Postgres.",
  },
  redisUrl: {
    ...{ flag: "redis-url", placeholder: "URL", variable: "REDIS_URL", demo: "redisUrl", isSecret: true },
    sentence: "Redis.",
  },
  brokers: {
    ...{ flag: "brokers", placeholder: "HOST:PORT,…", variable: "KAFKA_BROKERS", demo: "kafkaBrokers" },
    sentence: "The Kafka brokers.",
  },
  registryUrl: {
    ...{ flag: "registry-url", placeholder: "URL", variable: "SCHEMA_REGISTRY_URL", demo: "schemaRegistryUrl" },
    sentence: "The schema registry.",
  },
  topicPrefix: {
    ...{ flag: "topic-prefix", placeholder: "TEXT", variable: "TOPIC_PREFIX", default: OPTIONS.TOPIC_PREFIX.default },
    sentence: "Put before every topic name.",
  },
  partitions: {
    ...{ flag: "partitions", placeholder: "COUNT", variable: "TOPIC_PARTITIONS" },
    default: String(OPTIONS.TOPIC_PARTITIONS.default),
    sentence: "Partitions of user-keyed topics; fixed when a topic is created.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTINGS;

/** Where a value came from. */
export type Origin = "flag" | "environment" | "local stack" | "default";

export interface Settings {
  readonly find: (name: SettingName) => string | undefined;
  /** @throws CommandFailed (wrong use) that says where the value could come from. */
  readonly require: (name: SettingName) => string;
  /** One line per setting of these that has a value; secrets are not shown. */
  readonly origins: (names: readonly SettingName[]) => readonly string[];
  /** The folder of the local stack, absolute. */
  readonly stackDir: string;
  /** What else is in the environment. */
  readonly environment: Environment;
}

export interface SettingSources {
  readonly flag: (name: string) => string | undefined;
  readonly environment: Environment;
}

type Found = { readonly value: string; readonly origin: Origin };

const PROJECT = resolve(import.meta.dirname, "..");
/** What opens doors is given only to the gateway that the local stack runs. */
const LOCAL_KEYS: readonly SettingName[] = ["key", "adminKey"];

/** Settles every setting. The local stack's keys are used only with the local stack's gateway. */
export async function loadSettings({ flag, environment }: SettingSources): Promise<Settings> {
  const stackDir = environment["STACK_DIR"] ? resolve(environment["STACK_DIR"]) : join(PROJECT, ".stack");
  const demo = await readDemo(join(stackDir, "demo.json"));
  const find = (name: SettingName): Found | undefined => {
    const setting: Setting = SETTINGS[name];
    const own = given(flag(setting.flag), "flag") ?? given(environment[setting.variable], "environment");
    if (own !== undefined) return own;
    const isKept = LOCAL_KEYS.includes(name) && find("url")?.value !== trimmed(demo["gatewayUrl"]);
    const local = setting.demo === undefined || isKept ? undefined : given(demo[setting.demo], "local stack");
    return local ?? given(setting.default, "default");
  };
  return {
    find: (name) => find(name)?.value,
    require: (name) => {
      const found = find(name);
      if (found === undefined) throw missing(SETTINGS[name]);
      return found.value;
    },
    origins: (names) => names.flatMap((name) => originLine(name, find(name))),
    stackDir,
    environment,
  };
}

function given(text: string | undefined, origin: Origin): Found | undefined {
  const value = trimmed(text);
  return value === undefined || value === "" ? undefined : { value, origin };
}

/** Addresses are joined with paths: without the slash at their end. */
function trimmed(text: string | undefined): string | undefined {
  return text?.trim().replace(/\/+$/, "");
}

function missing({ flag, placeholder, variable, demo, sentence }: Setting) {
  const local = demo === undefined ? "" : ", or start the local stack with `npm start`";
  const wayOut = `Give --${flag} ${placeholder}, or set ${variable}${local}`;
  return wrongUse(`--${flag} is not given (${sentence.split(".", 1)[0]})`, wayOut);
}

function originLine(name: SettingName, found: Found | undefined): readonly string[] {
  if (found === undefined) return [];
  const setting: Setting = SETTINGS[name];
  return [`${setting.flag}: ${setting.isSecret ? "(not shown)" : found.value} (${found.origin})`];
}

async function readDemo(file: string): Promise<Readonly<Record<string, string | undefined>>> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  try {
    return JSON.parse(text) as Readonly<Record<string, string | undefined>>;
  } catch (cause) {
    throw Object.assign(wrongUse(`${file} is not JSON`, "Start the local stack anew, or remove the file"), { cause });
  }
}
