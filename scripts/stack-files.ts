import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StackAddresses } from "../stack/stack-contract.ts";

/** What scripts need to talk to the running system. */
export interface Demo extends StackAddresses {
  readonly gatewayUrl: string;
  readonly widgetBaseUrl: string;
  readonly apiKey: string;
  readonly adminKey: string;
}

/** Made once per stack, because links, stored secrets and scripts depend on them. */
export interface Secrets {
  readonly serverSecret: string;
  readonly adminKey: string;
}

/** The file that scripts read: `.stack/demo.json`. */
export function demoFile(dir: string): string {
  return join(dir, "demo.json");
}

/** The API key of the last start, so that it stays the same; undefined before the first. */
export async function lastApiKey(dir: string): Promise<string | undefined> {
  const apiKey = (await readRecord(demoFile(dir)))["apiKey"];
  return typeof apiKey === "string" ? apiKey : undefined;
}

/** Writes demo.json, readable by its owner only. */
export async function writeDemo(dir: string, demo: Demo): Promise<void> {
  await writeSecretly(demoFile(dir), demo);
}

/** The secrets of this stack, made at the first call and kept readable by their owner only. */
export async function loadSecrets(dir: string): Promise<Secrets> {
  const file = join(dir, "secrets.json");
  const { serverSecret, adminKey } = await readRecord(file);
  if (typeof serverSecret === "string" && typeof adminKey === "string") return { serverSecret, adminKey };
  const made = {
    serverSecret: randomBytes(32).toString("hex"),
    adminKey: `m2m_admin_${randomBytes(16).toString("hex")}`,
  };
  await writeSecretly(file, made);
  return made;
}

async function readRecord(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Renamed into place, so that a reader never sees half a file. */
async function writeSecretly(file: string, content: object): Promise<void> {
  const making = `${file}.${process.pid}`;
  await writeFile(making, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await rename(making, file);
}
