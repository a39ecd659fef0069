import type { Reply, StreamReply } from "./reply.ts";
import type { GatewayContext } from "./state.ts";

/** Puts a finished answer on the wire; headers that earlier steps have set stay. */
export function sendReply(context: GatewayContext, reply: Reply | StreamReply): void {
  context.status = reply.status;
  context.body = reply.body;
  context.set(reply.headers);
}
