import { type Clock, systemClock } from "../runtime/clock.ts";
import { callRegistry, type RegistryAddress, registryMessage } from "./registry-api.ts";
import { RegistryUnreachable } from "./schema-errors.ts";

export interface SchemaSubjects {
  /**
   * The subjects a schema is registered for, none for an id that the registry does not have. `wanted` is the one that
   * the caller hopes for: without it among the remembered ones the registry is asked again, at most every ten seconds.
   * @throws RegistryUnreachable
   */
  readonly of: (schemaId: number, wanted?: string) => Promise<readonly string[]>;
}

interface Asked {
  readonly at: number;
  readonly subjects: Promise<readonly string[]>;
}

const ASK_AGAIN_AFTER_MS = 10_000;
/** Bad bytes make up ids: only so many are remembered. */
const MOST_REMEMBERED = 1_000;

/** Remembers the answers, so that a schema costs one call however many messages name it. */
export function createSchemaSubjects(address: RegistryAddress, clock: Clock = systemClock): SchemaSubjects {
  const remembered = new Map<number, Asked>();

  const ask = (schemaId: number): Promise<readonly string[]> => {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    const subjects = askRegistry(address, schemaId);
    remembered.set(schemaId, { at: clock(), subjects });
    subjects.catch(() => remembered.delete(schemaId));
    return subjects;
  };

  return {
    of: async (schemaId, wanted) => {
      const asked = remembered.get(schemaId);
      if (asked === undefined) return ask(schemaId);
      const subjects = await asked.subjects;
      const isEnough = wanted === undefined ? subjects.length > 0 : subjects.includes(wanted);
      return isEnough || clock() - asked.at < ASK_AGAIN_AFTER_MS ? subjects : ask(schemaId);
    },
  };
}

async function askRegistry(address: RegistryAddress, schemaId: number): Promise<readonly string[]> {
  const answer = await callRegistry(address, { method: "GET", path: `/schemas/ids/${schemaId}/subjects` });
  const { status, body } = answer;
  if (status === 404) return [];
  if (Array.isArray(body) && body.every((one) => typeof one === "string")) return body;
  throw new RegistryUnreachable(registryMessage(answer));
}
