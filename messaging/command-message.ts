import type { Command } from "../domain/commands.ts";
import { addressKey } from "../domain/user/address-key.ts";
import { formatTraceparent, type Trace } from "../runtime/trace.ts";

/** The message that carries a command to the users consumer, keyed by its user and inside a trace. */
export function commandMessage(command: Command, trace: Trace) {
  return {
    topic: "userCommands",
    key: addressKey(command),
    value: command,
    headers: {
      messageId: command.commandId,
      type: command.type,
      occurredAt: command.issuedAt,
      traceparent: formatTraceparent(trace),
    },
  } as const;
}
