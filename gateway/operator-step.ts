import type { Command } from "../domain/commands.ts";
import type { Answer } from "../domain/decision.ts";
import type { UserAddress } from "../domain/user/user.ts";
import type { CommandStamp } from "./command-writer.ts";
import type { Reply } from "./reply.ts";
import type { AdminRequest } from "./route.ts";
import type { RouteDependencies } from "./route-dependencies.ts";

/** What every command of an operator has: the gateway's stamp, whose user it is about, and who decided. */
export type OperatorStamp = CommandStamp & UserAddress & Pick<Command, "actor">;

/** One decision of an operator about a user. */
export interface OperatorStep {
  readonly address: UserAddress;
  readonly command: (stamp: OperatorStamp) => Promise<Command>;
  readonly reply: (answer: Answer) => Reply;
}

/** Writes a command for an operator; what was not decided in time is at /admin/commands/{commandId}. */
export function writeDecision(
  request: AdminRequest,
  { address, command, reply }: OperatorStep,
  { write }: Pick<RouteDependencies, "write">,
): Promise<Reply> {
  return write(request, {
    scope: address,
    location: (commandId) => `/admin/commands/${commandId}`,
    command: (stamp) => command({ ...stamp, ...address, actor: { kind: "operator", id: request.operator } }),
    reply,
  });
}
