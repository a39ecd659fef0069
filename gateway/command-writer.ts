import type { Command } from "../domain/commands.ts";
import type { Answer } from "../domain/decision.ts";
import { addressKey } from "../domain/user/address-key.ts";
import type { UserAddress } from "../domain/user/user.ts";
import type { Clock } from "../runtime/clock.ts";
import type { CommandIds } from "../runtime/ids.ts";
import type { Claim, Claimed, IdempotencyKey, RememberedAnswer } from "../storage/configuration/idempotency.ts";
import type { StoredDecision } from "../storage/decisions.ts";
import type { Scope } from "../storage/scope.ts";
import { canonicalHash } from "./canonical-hash.ts";
import { isoTime } from "./iso-time.ts";
import type { PublishCommand } from "./publish-command.ts";
import { failure, type Reply, success, textReply } from "./reply.ts";
import { RequestRefused, refusedBy } from "./request-refused.ts";
import type { RouteRequest } from "./route.ts";
import type { UserTurn } from "./user-turns.ts";

/** What the gateway gives every command of its own. */
export type CommandStamp = Pick<Command, "commandId" | "issuedAt" | "replyTo">;

/** One write over HTTP, as its route describes it. The body must have been checked. */
export interface CommandWrite {
  readonly scope: Scope;
  /** Whom it concerns, where that is known before the command is made. */
  readonly address?: UserAddress;
  /** An answer that needs no command. Not asked when the command may have been sent before: it would answer to itself. */
  readonly shortcut?: () => Promise<Reply | null>;
  readonly command: (stamp: CommandStamp) => Promise<Command>;
  /** The answer to a command that was applied. */
  readonly reply: (answer: Answer) => Promise<Reply> | Reply;
  /** Where the caller can see later what became of a command that was not decided in time. */
  readonly location: (commandId: string) => string;
}

export type WriteCommand = (request: RouteRequest, write: CommandWrite) => Promise<Reply>;

export interface CommandWriterDependencies {
  readonly commandIds: CommandIds;
  readonly publishCommand: PublishCommand;
  readonly turn: UserTurn;
  readonly findDecision: (scope: Scope, commandId: string) => Promise<StoredDecision | null>;
  readonly idempotency: {
    readonly claim: (claim: Claim) => Promise<Claimed>;
    readonly complete: (key: IdempotencyKey, answer: RememberedAnswer) => Promise<RememberedAnswer>;
    readonly release: (key: IdempotencyKey, commandId: string) => Promise<void>;
  };
  readonly clock: Clock;
  /** The name under which this gateway hears decisions. */
  readonly replyTo: string;
}

/**
 * Writes commands (api.md section 1, "waiting" and "idempotency"). With an Idempotency-Key the record of it stands before
 * anything is published; a repeat joins the same command; what was decided is answered again with the same bytes.
 * Undecided in time is 202, and only decided outcomes below 500 are remembered.
 */
export function createCommandWriter(dependencies: CommandWriterDependencies): WriteCommand {
  const { commandIds, idempotency, clock } = dependencies;
  return async (request, write) => {
    const key = idempotencyKeyOf(request, write.scope);
    const fresh = { commandId: commandIds.issue(write.scope), now: isoTime(clock) };
    const claimed: Claimed =
      key === null
        ? { kind: "new", commandId: fresh.commandId }
        : await idempotency.claim({ ...key, ...fresh, bodyHash: canonicalHash(request.body) });
    if (claimed.kind === "reused") throw new RequestRefused("IDEMPOTENCY_KEY_REUSED");
    if (claimed.kind === "answered") return replayed(claimed);
    const commandId = claimed.commandId ?? fresh.commandId;
    const isRepeat = claimed.kind === "joined";
    const outcome = await outcomeOf({ request, write, commandId, isRepeat }, dependencies);
    return key === null ? outcome.reply : remember({ key, commandId }, outcome, idempotency);
  };
}

/** The answer that a key has led to, byte for byte. */
export function replayed({ status, response }: RememberedAnswer): Reply {
  return textReply(status, response, { "Idempotency-Replayed": "true" });
}

/** What the Idempotency-Key of a request is valid for; null when it has none. */
export function idempotencyKeyOf({ idempotencyKey, method, path }: RouteRequest, scope: Scope): IdempotencyKey | null {
  if (idempotencyKey === null) return null;
  return { partner: scope.partner, environment: scope.environment, method, path, key: idempotencyKey };
}

interface Attempt {
  readonly request: RouteRequest;
  readonly write: CommandWrite;
  readonly commandId: string;
  readonly isRepeat: boolean;
}

interface Outcome {
  readonly reply: Reply;
  /** `undecided` may still be answered to a repeat; `failed` will never be, so a repeat is a new command. */
  readonly kind: "decided" | "undecided" | "failed";
}

async function outcomeOf(attempt: Attempt, dependencies: CommandWriterDependencies): Promise<Outcome> {
  const { request, write, commandId, isRepeat } = attempt;
  // A repeat waits with the request that it repeats.
  if (write.address !== undefined && !isRepeat) await dependencies.turn(addressKey(write.address));
  const shortcut = isRepeat ? null : ((await write.shortcut?.()) ?? null);
  if (shortcut !== null) return { reply: shortcut, kind: "decided" };
  if (isRepeat) request.noteCommand(commandId);
  const decision = await decisionOf(attempt, dependencies);
  if (decision === null) return { reply: accepted(commandId, write), kind: "undecided" };
  if (decision.answer !== null) return { reply: await write.reply(decision.answer), kind: "decided" };
  const refused = decision.refusal === null ? new RequestRefused("INTERNAL_ERROR") : refusedBy(decision.refusal);
  return { reply: failure(refused, request.requestId), kind: decision.outcome === "failed" ? "failed" : "decided" };
}

/** A command that was sent before may be decided by now; then it is not sent again. */
async function decisionOf(attempt: Attempt, dependencies: CommandWriterDependencies): Promise<StoredDecision | null> {
  const { request, write, commandId, isRepeat } = attempt;
  const { findDecision, publishCommand, turn, clock, replyTo } = dependencies;
  const earlier = isRepeat ? await findDecision(write.scope, commandId) : null;
  if (earlier !== null) return earlier;
  const command = await write.command({ commandId, issuedAt: isoTime(clock), replyTo });
  if (write.address === undefined && !isRepeat) await turn(addressKey(command));
  const decision = publishCommand(command, { trace: request.trace, isRepeat });
  return decision.then((decided) => {
    request.noteCommand(commandId);
    return decided;
  });
}

function accepted(commandId: string, { location }: CommandWrite): Reply {
  return success(202, { commandId, status: "accepted" }, { Location: location(commandId) });
}

/** Two that joined one command may write its answer differently; both answer what was remembered first. */
async function remember(
  { key, commandId }: { readonly key: IdempotencyKey; readonly commandId: string },
  { reply, kind }: Outcome,
  { complete, release }: CommandWriterDependencies["idempotency"],
): Promise<Reply> {
  if (kind === "failed") await release(key, commandId);
  if (kind !== "decided") return reply;
  const remembered = await complete(key, { status: reply.status, response: reply.body });
  return remembered.response === reply.body ? reply : replayed(remembered);
}
