import { SchemaRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import addFormats, { type FormatName } from "ajv-formats";
import type { Problem } from "../domain/refusals.ts";
import { subjectName, type TopicKey } from "../schemas/topics.ts";
import { readMessageSchema, type SchemaSource } from "./message-schemas.ts";
import { callRegistry, REGISTRY_TIMEOUT_MS, type RegistryAddress, registryMessage } from "./registry-api.ts";
import { RegistryUnreachable, SchemaNotRegistered, SchemaViolation } from "./schema-errors.ts";
import { createSchemaSubjects } from "./schema-subjects.ts";

export interface CodecSettings {
  readonly registryUrl: string;
  /** Put before topic names, and so before subjects. */
  readonly prefix: string;
  /** The schemas values are written with; those in schemas/ when left out. */
  readonly schemas?: SchemaSource;
}

/** Turns values into bytes and back: Confluent wire format (a zero byte, the schema's id in four, JSON). */
export interface Codec {
  /**
   * The bytes of a value, written with this code's own schema of the topic. Validates the value once.
   * @throws SchemaViolation, or for now: RegistryUnreachable, SchemaNotRegistered.
   */
  readonly encode: (topic: TopicKey, value: unknown) => Promise<Buffer>;
  /**
   * The value of some bytes, validated against the schema they name: a newer writer's optional field is no reason to
   * refuse a message. With a topic, that schema must be registered for it.
   * @throws SchemaViolation, or for now: RegistryUnreachable.
   */
  readonly decode: (bytes: Buffer, topic?: TopicKey) => Promise<unknown>;
}

const FORMATS: readonly FormatName[] = ["date", "date-time", "time", "uri", "uri-reference", "email", "uuid", "regex"];
const MAGIC_BYTE = 0;
const HEADER_BYTES = 5;
const MOST_PROBLEMS = 10;

/** A codec with caches of its own. Ids and schemas never change in a registry, so each is asked for once. */
export function createCodec({ registryUrl, prefix, schemas = readMessageSchema }: CodecSettings): Codec {
  const address: RegistryAddress = { registryUrl };
  const registry = createRegistry(registryUrl);
  const subjects = createSchemaSubjects(address);
  const ownId = rememberAnswers(async (topic: TopicKey) =>
    idOf(address, subjectName(prefix, topic), await schemas(topic)),
  );
  // Asked for before its first use: of many who need a schema at once the library would compile it for each.
  const compiled = rememberAnswers(async (id: number) => {
    await registry.getSchema(id);
  });

  return {
    encode: async (topic, value) => {
      try {
        const id = await ownId(topic);
        await compiled(id);
        return await registry.encode(id, value);
      } catch (error) {
        throw explained(error, `The value does not fit the schema of ${topic}`);
      }
    },
    decode: async (bytes, topic) => {
      const id = schemaId(bytes);
      const wanted = topic === undefined ? undefined : subjectName(prefix, topic);
      const registeredFor = await subjects.of(id, wanted);
      if (registeredFor.length === 0) throw violation(`The schema ${id} is unknown`);
      if (wanted !== undefined && !registeredFor.includes(wanted)) {
        throw violation(`The schema ${id} is not one of ${wanted}`);
      }
      try {
        await compiled(id);
        return (await registry.decode(bytes)) as unknown;
      } catch (error) {
        throw explained(error, "The message does not fit its schema");
      }
    },
  };
}

/** A question whose answer never changes is asked once, unless it failed. */
function rememberAnswers<Key, Answer>(ask: (key: Key) => Promise<Answer>): (key: Key) => Promise<Answer> {
  const answers = new Map<Key, Promise<Answer>>();
  return (key) => {
    const known = answers.get(key);
    if (known) return known;
    const answer = ask(key);
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  };
}

/** The library fetches schemas by id, compiles each once, validates and adds or takes off the wire format. */
function createRegistry(registryUrl: string): SchemaRegistry {
  const formats = Object.fromEntries(FORMATS.map((name) => [name, addFormats.default.get(name)]));
  return new SchemaRegistry(
    {
      host: registryUrl,
      retry: { retries: 0 },
      middlewares: [
        () => ({ prepareRequest: async (next) => (await next()).enhance({ timeout: REGISTRY_TIMEOUT_MS }) }),
      ],
    },
    { [SchemaType.JSON]: { formats, discriminator: true, strict: false, logger: false, detailedErrorPaths: true } },
  );
}

/** Which id the registry gave to a schema under a subject. The id of the newest one may be another's. */
async function idOf(address: RegistryAddress, subject: string, schema: string): Promise<number> {
  const path = `/subjects/${encodeURIComponent(subject)}`;
  const answer = await callRegistry(address, { method: "POST", path, body: { schemaType: "JSON", schema } });
  const { body } = answer;
  if (answer.status === 404) throw new SchemaNotRegistered(subject);
  if (typeof body === "object" && body !== null && "id" in body && typeof body.id === "number") return body.id;
  throw new RegistryUnreachable(registryMessage(answer));
}

function schemaId(bytes: Buffer): number {
  if (bytes.length <= HEADER_BYTES || bytes[0] !== MAGIC_BYTE) {
    throw violation("The message is not in the Confluent wire format");
  }
  return bytes.readUInt32BE(1);
}

/** The library's errors in our words: a status means that the registry was asked, everything else is about the value. */
function explained(error: unknown, about: string): Error {
  if (error instanceof RegistryUnreachable || error instanceof SchemaNotRegistered) return error;
  if (error instanceof Error && "status" in error) return new RegistryUnreachable("no schema", { cause: error });
  const found = error instanceof Error && "paths" in error && Array.isArray(error.paths) ? error.paths : [];
  return new SchemaViolation(about, distinct(found.map(toProblem)).slice(0, MOST_PROBLEMS), { cause: error });
}

/** Every branch of a oneOf complains for itself, often of the same. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

/** A path of the library is a list with one JSON pointer. */
function toProblem(found: unknown): Problem {
  const { path, message } = found as { readonly path: readonly string[]; readonly message: string };
  return { path: path.join("/"), code: "INVALID", message };
}

function violation(about: string): SchemaViolation {
  return new SchemaViolation(about, []);
}
