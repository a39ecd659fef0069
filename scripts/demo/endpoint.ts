import type { PartnerClient } from "./partner-client.ts";
import { type Receiver, type ReceiverSettings, startReceiver } from "./receiver.ts";

/** A receiver of the demo's own, and the endpoint that brings the partner's webhooks to it. */
export async function openEndpoint(
  partner: PartnerClient,
  faultOf: ReceiverSettings["faultOf"],
): Promise<{ readonly receiver: Receiver; readonly endpointId: string }> {
  const receiver = await startReceiver({ port: 0, faultOf });
  try {
    const { endpointId, secret } = await partner.createEndpoint(receiver.url);
    receiver.trust(secret);
    return { receiver, endpointId };
  } catch (error) {
    await receiver.close();
    throw error;
  }
}
