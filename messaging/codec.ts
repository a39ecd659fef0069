import type { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import type { Problem } from "../domain/refusals.ts";
import { subjectName, type TopicKey } from "../schemas/topics.ts";
import { readMessageSchema, type SchemaSource } from "./message-schemas.ts";
import { callRegistry, type RegistryAddress, registryMessage } from "./registry-api.ts";
import { createRegistry } from "./registry-schemas.ts";
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

const MAGIC_BYTE = 0;
const HEADER_BYTES = 5;
const MOST_PROBLEMS = 10;

/** A codec with caches of its own. Ids and schemas never change in a registry, so each is asked for once. */
export function createCodec({ registryUrl, prefix, schemas = readMessageSchema }: CodecSettings): Codec {
  const address: RegistryAddress = { registryUrl };
  const registry = createRegistry(registryUrl);
  const subjects = createSchemaSubjects(address);
  // Asked for before its first use: of many who need a schema at once the library would compile it for each.
  const compiled = rememberAnswers((id: number) => registry.getSchema(id).catch(explain));
  const writers = rememberAnswers(async (topic: TopicKey): Promise<Writer> => {
    const id = await idOf(address, subjectName(prefix, topic), await schemas(topic));
    return { id, schema: await compiled(id) };
  });
  const readers = new Map<string, Schema>();
  const findReader = async (id: number, topic: TopicKey | undefined): Promise<Schema> => {
    const wanted = topic === undefined ? undefined : subjectName(prefix, topic);
    const registeredFor = await subjects.of(id, wanted);
    if (registeredFor.length === 0) throw violation(`The schema ${id} is unknown`);
    if (wanted !== undefined && !registeredFor.includes(wanted)) {
      throw violation(`The schema ${id} is not one of ${wanted}`);
    }
    const schema = await compiled(id);
    readers.set(`${id} ${topic}`, schema);
    return schema;
  };

  return {
    encode: async (topic, value) => write(await writers(topic), topic, value),
    decode: async (bytes, topic) => {
      const id = schemaId(bytes);
      return read(readers.get(`${id} ${topic}`) ?? (await findReader(id, topic)), bytes);
    },
  };
}

type Schema = Awaited<ReturnType<SchemaRegistry["getSchema"]>>;

/** What this code writes a topic's values with. */
interface Writer {
  readonly id: number;
  readonly schema: Schema;
}

/** In one buffer: a value has only to be written once. */
function write({ id, schema }: Writer, topic: TopicKey, value: unknown): Buffer {
  refuseViolation(schema, value, `The value does not fit the schema of ${topic}`);
  const json = JSON.stringify(value);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + Buffer.byteLength(json));
  bytes.writeUInt8(MAGIC_BYTE, 0);
  bytes.writeUInt32BE(id, 1);
  bytes.write(json, HEADER_BYTES);
  return bytes;
}

function read(schema: Schema, bytes: Buffer): unknown {
  const value = parsed(bytes.toString("utf8", HEADER_BYTES));
  refuseViolation(schema, value, NOT_FITTING);
  return value;
}

const NOT_FITTING = "The message does not fit its schema";

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw violation(NOT_FITTING, error);
  }
}

/** The library takes objects only, in its types; its check takes any value. */
function refuseViolation(schema: Schema, value: unknown, about: string): void {
  const problems: Problem[] = [];
  const errorHook = ([path = ""]: readonly string[], message: unknown) =>
    problems.push({ path, code: "INVALID", message: String(message) });
  if (schema.isValid(value as object, { errorHook })) return;
  throw new SchemaViolation(about, distinct(problems).slice(0, MOST_PROBLEMS));
}

/** A status means that the registry was asked; everything else is about the schema. */
function explain(error: unknown): never {
  const isAsked = error instanceof Error && "status" in error;
  throw isAsked
    ? new RegistryUnreachable("no schema", { cause: error })
    : violation("The schema cannot be used", error);
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

/** Every branch of a oneOf complains for itself, often of the same. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

function violation(about: string, cause?: unknown): SchemaViolation {
  return new SchemaViolation(about, [], { cause });
}
