import { type Clock, systemClock } from "../runtime/clock.ts";
import { callRegistry, type RegistryAddress, registryMessage } from "./registry-api.ts";
import { RegistryUnreachable } from "./schema-errors.ts";

export interface SchemaSubjects {
  /**
   * The subjects a schema is registered for; undefined for an id that the registry does not have.
   * @throws RegistryUnreachable
   */
  readonly of: (schemaId: number) => Promise<readonly string[] | undefined>;
}

/** Bad bytes make up ids: what is unknown is remembered only for a while, and only so much of it. */
const UNKNOWN_FOR_MS = 10_000;
const MOST_UNKNOWN = 1_000;

/** Remembers the answers: an id is asked for once, an unknown one at most once in ten seconds. */
export function createSchemaSubjects(address: RegistryAddress, clock: Clock = systemClock): SchemaSubjects {
  const known = new Map<number, Promise<readonly string[] | undefined>>();
  const unknownSince = new Map<number, number>();

  const ask = async (schemaId: number): Promise<readonly string[] | undefined> => {
    const subjects = await askRegistry(address, schemaId);
    if (subjects !== undefined) return subjects;
    known.delete(schemaId);
    if (unknownSince.size >= MOST_UNKNOWN) unknownSince.clear();
    unknownSince.set(schemaId, clock());
    return undefined;
  };

  return {
    of: (schemaId) => {
      const asked = known.get(schemaId);
      if (asked) return asked;
      const since = unknownSince.get(schemaId);
      if (since !== undefined && clock() - since < UNKNOWN_FOR_MS) return Promise.resolve(undefined);
      const answer = ask(schemaId);
      known.set(schemaId, answer);
      answer.catch(() => known.delete(schemaId));
      return answer;
    },
  };
}

async function askRegistry(address: RegistryAddress, schemaId: number): Promise<readonly string[] | undefined> {
  const answer = await callRegistry(address, { method: "GET", path: `/schemas/ids/${schemaId}/subjects` });
  const { status, body } = answer;
  if (status === 404) return undefined;
  if (Array.isArray(body) && body.every((one) => typeof one === "string")) return body;
  throw new RegistryUnreachable(registryMessage(answer));
}
