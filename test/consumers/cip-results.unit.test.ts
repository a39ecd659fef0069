import { describe, expect, test } from "vitest";
import { type CipResultArrival, cipResultCommand } from "../../consumers/cip-results/to-command.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { CipResultMessage } from "../../schemas/generated.ts";

const ATTEMPT = "cip_acme_abcdefghijkl";
const ADDRESS: UserAddress = { partner: "acme", environment: "test", referenceId: "user-1" };
const KNOWN = new Map([[ATTEMPT, ADDRESS]]);
const NOW = "2026-01-31T09:30:00.000Z";

describe("cipResultCommand", () => {
  test("a result of a known attempt becomes a command for its user, with everything the provider said", () => {
    const derived = cipResultCommand(
      arrival({
        outcome: "failed",
        revision: 2,
        final: true,
        reasons: [
          { code: "DOB", field: "dob", retryable: false, providersOwn: "x" },
          { code: "X", retryable: true },
        ],
        missingFields: ["dob"],
        verifiedOutputs: { name: "x" },
        occurredAt: "2026-01-31T10:00:00+01:00",
      }),
      KNOWN,
      NOW,
    );
    expect(derived).toMatchObject({
      kind: "command",
      causationId: "m2m.cip-results/3/17",
      command: {
        type: "ApplyCipResult",
        ...ADDRESS,
        actor: { kind: "cip", id: "provider" },
        issuedAt: NOW,
        replyTo: null,
        values: {},
      },
    });
    expect(derived.kind === "command" && derived.command.payload).toEqual({
      attemptId: ATTEMPT,
      result: {
        provider: "provider",
        providerEventId: "event-1",
        outcome: "failed",
        revision: 2,
        reasons: [
          { code: "DOB", field: "dob", retryable: false },
          { code: "X", retryable: true },
        ],
        isFinal: true,
        missingFields: ["dob"],
        occurredAt: "2026-01-31T09:00:00.000Z",
      },
    });
  });

  test("B3 the same message gives the same command id, another place or time another one", () => {
    const idOf = (change: Partial<CipResultArrival>) => {
      const derived = cipResultCommand({ ...arrival(), ...change }, KNOWN, NOW);
      return derived.kind === "command" ? derived.command.commandId : "parked";
    };
    expect(idOf({})).toMatch(/^cmd_acme_[a-z0-9]{12}$/);
    expect(idOf({})).toBe(idOf({}));
    // A new Kafka begins to count anew: the timestamp keeps its messages apart from the old one's.
    const others = [{ offset: 18n }, { partition: 4 }, { topic: "x" }, { timestamp: "1769850000001" }];
    expect(new Set([{}, ...others].map(idOf)).size).toBe(5);
  });

  test("B2 a result that names only the user keeps the attempt open to the users consumer", () => {
    const named = { attemptId: undefined, partner: "acme", environment: "test", referenceId: "user-9" } as const;
    expect(cipResultCommand(arrival(named), new Map(), NOW)).toMatchObject({
      command: { referenceId: "user-9", payload: { attemptId: null } },
    });
  });

  test("B2 an attempt that nobody knows yet goes to an address made of its id, to be held there", () => {
    expect(cipResultCommand(arrival(), new Map(), NOW)).toMatchObject({
      command: { partner: "acme", environment: "live", referenceId: ATTEMPT, payload: { attemptId: ATTEMPT } },
    });
    expect(cipResultCommand(arrival({ environment: "test" }), new Map(), NOW)).toMatchObject({
      command: { partner: "acme", environment: "test", referenceId: ATTEMPT },
    });
    const stated = { partner: "other", environment: "test", referenceId: "r" } as const;
    expect(cipResultCommand(arrival(stated), new Map(), NOW)).toMatchObject({ command: stated });
  });

  test.each(["op_acme_abcdefghijkl", "cip_acme_short", "cip_ACME_abcdefghijkl", "x"])(
    "an attempt that cannot be ours is parked at once: %s",
    (attemptId) => {
      const derived = cipResultCommand(arrival({ attemptId }), new Map(), NOW);
      expect(derived).toMatchObject({ kind: "park", reason: "UNKNOWN_ATTEMPT" });
    },
  );

  test.each([{ partner: "other" }, { environment: "live" }, { referenceId: "user-2" }] as const)(
    "a message whose attempt and address are different users is parked: %o",
    (stated) => {
      const derived = cipResultCommand(arrival(stated), KNOWN, NOW);
      expect(derived).toMatchObject({ kind: "park", reason: "ADDRESS_MISMATCH" });
    },
  );

  test("a trace and a cause that come with the message go on", () => {
    const headers = { messageId: "their-id", traceparent: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01" };
    expect(cipResultCommand({ ...arrival(), headers }, KNOWN, NOW)).toMatchObject({
      causationId: "their-id",
      traceparent: headers.traceparent,
    });
  });
});

function arrival(
  change: { [Key in keyof CipResultMessage]?: CipResultMessage[Key] | undefined } = {},
): CipResultArrival {
  const value = {
    attemptId: ATTEMPT,
    provider: "provider",
    providerEventId: "event-1",
    outcome: "verified",
    occurredAt: NOW,
    ...change,
  } as CipResultMessage;
  return {
    topic: "m2m.cip-results",
    partition: 3,
    offset: 17n,
    timestamp: "1769850000000",
    key: null,
    headers: {},
    value,
  };
}
