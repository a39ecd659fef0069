import { readFile, writeFile } from "node:fs/promises";
import type { PartnerClient } from "./partner-client.ts";
import { type Receiver, type ReceiverSettings, startReceiver } from "./receiver.ts";

/** The endpoint of an earlier run: its secret is shown only once. */
interface Remembered {
  readonly endpointId: string;
  readonly port: number;
  readonly secret: string;
}

export interface EndpointSettings {
  readonly partner: PartnerClient;
  /** Where the endpoint of an earlier run is remembered, readable by its owner only. */
  readonly file: string;
  readonly faultOf: ReceiverSettings["faultOf"];
}

/**
 * Starts the receiver and sees to it that the partner has an endpoint that points to it. A later run takes up the
 * endpoint of the one before, so that running the demo again and again does not pile up endpoints.
 */
export async function openEndpoint({ partner, file, faultOf }: EndpointSettings): Promise<Receiver> {
  const remembered = await recall(file);
  const receiver = await startOn(remembered?.port ?? 0, faultOf);
  try {
    receiver.trust(await secretFor(receiver, { partner, file, remembered }));
    return receiver;
  } catch (error) {
    await receiver.close();
    throw error;
  }
}

interface Known extends Pick<EndpointSettings, "partner" | "file"> {
  readonly remembered: Remembered | null;
}

async function secretFor({ url }: Receiver, { partner, file, remembered }: Known): Promise<string> {
  const endpoints = await partner.listEndpoints();
  const known = endpoints.find((endpoint) => endpoint.endpointId === remembered?.endpointId);
  if (remembered !== null && known?.status === "enabled" && known.url === url) return remembered.secret;
  const { endpointId, secret } = await partner.createEndpoint(url);
  const memory: Remembered = { endpointId, port: Number(new URL(url).port), secret };
  await writeFile(file, `${JSON.stringify(memory)}\n`, { mode: 0o600 });
  return secret;
}

async function recall(file: string): Promise<Remembered | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as Remembered);
}

/** The port of the earlier run, or any when somebody else has it by now. */
async function startOn(port: number, faultOf: ReceiverSettings["faultOf"]): Promise<Receiver> {
  try {
    return await startReceiver({ port, faultOf });
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return startReceiver({ port: 0, faultOf });
  }
}
