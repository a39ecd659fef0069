import { subjectName, TOPIC_KEYS } from "../schemas/topics.ts";
import { readMessageSchema, type SchemaSource } from "./message-schemas.ts";
import { callRegistry, type RegistryAddress, type RegistryAnswer, registryMessage } from "./registry-api.ts";
import { RegistryUnreachable, SchemaRefused } from "./schema-errors.ts";

export interface RegistrationSettings {
  readonly registryUrl: string;
  readonly prefix: string;
  /** The schemas to register; those in schemas/ when left out. */
  readonly schemas?: SchemaSource;
}

/** One subject and the id that its schema has in the registry. */
export interface RegisteredSchema {
  readonly subject: string;
  readonly id: number;
}

/** A new schema must be able to read what was written with the ones before it. */
const COMPATIBILITY = "BACKWARD";

/**
 * Registers the schema of every topic, one after another; what is there already stays as it is. Repeating it is
 * harmless, an old version of the code finds its own schema again. An incompatible change is refused by the registry.
 * @throws SchemaRefused naming the subject and the reason, RegistryUnreachable.
 */
export async function registerSchemas(settings: RegistrationSettings): Promise<readonly RegisteredSchema[]> {
  const { registryUrl, prefix, schemas = readMessageSchema } = settings;
  const registered: RegisteredSchema[] = [];
  for (const topic of TOPIC_KEYS) {
    const subject = subjectName(prefix, topic);
    registered.push({ subject, id: await register({ registryUrl }, subject, await schemas(topic)) });
  }
  return registered;
}

async function register(address: RegistryAddress, subject: string, schema: string): Promise<number> {
  const path = encodeURIComponent(subject);
  const request = { method: "POST", path: `/subjects/${path}/versions`, body: { schemaType: "JSON", schema } } as const;
  // The rule first: a process that ends between the two must not leave a subject without it. A registry that keeps
  // rules only of subjects it knows answers 404 to that, and gets the rule after the first version.
  const isKnown = await setCompatibility(address, subject);
  const { body } = accepted(subject, await callRegistry(address, request));
  if (!isKnown) await setCompatibility(address, subject);
  if (typeof body === "object" && body !== null && "id" in body && typeof body.id === "number") return body.id;
  throw new RegistryUnreachable(`no id for ${subject}`);
}

async function setCompatibility(address: RegistryAddress, subject: string): Promise<boolean> {
  const body = { compatibility: COMPATIBILITY };
  const path = `/config/${encodeURIComponent(subject)}`;
  const answer = await callRegistry(address, { method: "PUT", path, body });
  if (answer.status === 404) return false;
  accepted(subject, answer);
  return true;
}

function accepted(subject: string, answer: RegistryAnswer): RegistryAnswer {
  if (answer.status >= 400) throw new SchemaRefused(subject, registryMessage(answer));
  return answer;
}
