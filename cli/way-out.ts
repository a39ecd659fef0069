/** With whose key was asked. */
export type Caller = "partner" | "admin";

/** What a refusal of the gateway says besides its code. */
export type RefusalFacts = Readonly<Record<string, unknown>>;

const ANOTHER_KEY = "Give a key with --key or API_KEY; `m2m keys create` makes one";

/** What to do about a refusal, by its code; every other code explains itself in its message. */
const WAYS_OUT: Readonly<Record<string, (facts: RefusalFacts, as: Caller) => string>> = {
  ACTIVE_LINK_EXISTS: ({ existingLinkId }) =>
    `Revoke that link (\`m2m links revoke ${String(existingLinkId)}\`), or create with --on-active replace or return`,
  LINK_NOT_REVOCABLE: ({ status }) =>
    status === "in_progress"
      ? "Its user is in the middle of it: revoke with --force, which only a confirmed transfer withstands"
      : "It has ended; nothing has to be revoked",
  UNAUTHORIZED: (_, as) => (as === "partner" ? ANOTHER_KEY : "Give the operators' key with --admin-key or ADMIN_KEY"),
  INVALID_API_KEY: () => ANOTHER_KEY,
  FORBIDDEN: () => "Use a key that has this permission: `m2m keys create --permission …` makes one",
  PARTNER_SUSPENDED: () => "An operator lets it in again with `m2m partners resume`",
  PARTNER_EXISTS: () => "Take another slug; `m2m partners list` shows those that are taken",
  RESOURCE_NOT_FOUND: (_, as) =>
    as === "partner"
      ? "Check the id, and whose key you use: what another partner or the other environment has is not found either"
      : "Check the id. A gateway that runs without ADMIN_KEY finds nothing for operators",
  INVALID_REQUEST: () => "Mend what is named above; `--help` behind the command shows what it takes",
  CIP_NOT_READY: () => "Give the missing fields first; `m2m users explain` says who can",
  PARKED_SETTLED: () => "`m2m parked show` tells what became of it; nothing has to be done",
  NOT_REPLAYABLE: () => "Look at it with `m2m parked show --bytes`, then drop it and send what was meant",
  OPERATION_NOT_RESOLVABLE: () => "It has ended already; `m2m operations show` tells how",
  ENDPOINT_DISABLED: () => "`m2m endpoints show` tells why; `m2m endpoints resume` brings it back",
  NO_RECEIVER: () => "`m2m endpoints update --event` adds the event to one that should receive it",
  REPLAY_ENDED: () => "`m2m replay create` begins another one",
  RATE_LIMIT_EXCEEDED: () => "Wait a minute, or raise the partner's limits",
  IDEMPOTENCY_KEY_REUSED: () => "Repeat the command without it",
};

/** What to do about a refusal; undefined when its message says it all. */
export function wayOutOf(code: string, facts: RefusalFacts, as: Caller): string | undefined {
  return WAYS_OUT[code]?.(facts, as);
}
