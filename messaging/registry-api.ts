import { RegistryUnreachable } from "./schema-errors.ts";

/** Where a registry with the Confluent API is, and how long one answer may take. */
export interface RegistryAddress {
  readonly registryUrl: string;
  readonly timeoutMs?: number;
}

export interface RegistryRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** Below the address, e.g. `/subjects`. */
  readonly path: string;
  readonly body?: unknown;
}

/** What the registry said: a status below 500 and a JSON body. */
export interface RegistryAnswer {
  readonly status: number;
  readonly body: unknown;
}

export const REGISTRY_TIMEOUT_MS = 3_000;

/**
 * One call of the Confluent API, for what @kafkajs/confluent-schema-registry has no call for or does not tell apart: its
 * errors look the same for a registry that is away and for a schema that is unknown.
 * @throws RegistryUnreachable for no answer in time, a 5xx, or an answer that is not JSON (a proxy, a starting server).
 */
export async function callRegistry(address: RegistryAddress, request: RegistryRequest): Promise<RegistryAnswer> {
  const { registryUrl, timeoutMs = REGISTRY_TIMEOUT_MS } = address;
  try {
    const response = await fetch(`${registryUrl}${request.path}`, {
      method: request.method,
      headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body: unknown = await response.json();
    if (response.status < 500) return { status: response.status, body };
    throw new Error(`status ${response.status}`);
  } catch (cause) {
    throw new RegistryUnreachable(`${request.method} ${request.path}`, { cause });
  }
}

/** What an error answer of the registry says, in its own words. */
export function registryMessage({ status, body }: RegistryAnswer): string {
  const message = typeof body === "object" && body !== null && "message" in body ? body.message : undefined;
  return typeof message === "string" ? message : `status ${status}`;
}
