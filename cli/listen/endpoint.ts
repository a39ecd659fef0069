import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { WebhookEndpointCreatedAnswer, WebhookEndpointsAnswer } from "../../schemas/generated.ts";
import { CommandFailed } from "../command-failed.ts";
import type { GatewayClient } from "../gateway-client.ts";

/** The endpoint of an earlier run, with its secret, which the gateway shows only once. */
export interface RememberedEndpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly port: number;
  readonly secret: string;
}

/** Where this machine keeps its endpoint for one gateway and partner, readable by its owner only. */
export interface EndpointMemory {
  readonly recall: () => Promise<RememberedEndpoint | null>;
  readonly keep: (endpoint: RememberedEndpoint) => Promise<void>;
  readonly forget: () => Promise<void>;
}

/** A memory in a file. One that cannot be read is as good as none. */
export function createEndpointMemory(file: string): EndpointMemory {
  return {
    recall: async () => {
      const text = await readFile(file, "utf8").catch(() => "null");
      return JSON.parse(text) as RememberedEndpoint | null;
    },
    keep: async (endpoint) => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, `${JSON.stringify(endpoint)}\n`, { mode: 0o600 });
    },
    forget: () => rm(file, { force: true }),
  };
}

export interface WantedEndpoint {
  readonly url: string;
  readonly port: number;
}

/** The endpoint of an earlier run that was killed when it still points here, else a new one for every event. */
export async function openEndpoint(
  gateway: GatewayClient,
  memory: EndpointMemory,
  { url, port }: WantedEndpoint,
): Promise<RememberedEndpoint> {
  const remembered = await memory.recall();
  const path = "/partner/webhook-endpoints";
  const list = { as: "partner", method: "GET", path, query: { limit: "100" } } as const;
  const { items } = await gateway.call<WebhookEndpointsAnswer["data"]>(list);
  const known = items.find(({ endpointId }) => endpointId === remembered?.endpointId);
  if (remembered !== null && known?.status === "enabled" && known.url === url) return { ...remembered, port };
  const body = { url, description: "m2m listen" };
  const create = { as: "partner", method: "POST", path, body } as const;
  const { endpointId, secret } = await gateway.call<WebhookEndpointCreatedAnswer["data"]>(create);
  const made: RememberedEndpoint = { endpointId, url, port, secret };
  await memory.keep(made);
  return made;
}

/** Takes the endpoint away; false when the gateway cannot be asked or refuses, and it is kept for the next run. */
export async function closeEndpoint(
  gateway: GatewayClient,
  memory: EndpointMemory,
  { endpointId }: RememberedEndpoint,
): Promise<boolean> {
  const path = `/partner/webhook-endpoints/${encodeURIComponent(endpointId)}`;
  try {
    await gateway.call({ as: "partner", method: "DELETE", path });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return false;
  }
  await memory.forget();
  return true;
}
