import { describe, expect, test } from "vitest";
import { BrokerAway, OutcomeUnknown } from "../../messaging/publish-errors.ts";
import { applied, LINK_CREATED } from "./example-records.ts";
import { type FakeGateway, type FakeGatewaySettings, fakeGateway } from "./fake-gateway.ts";

const create = { method: "POST", path: "/partner/links", body: { referenceId: "user-1" } } as const;

async function withGateway(settings: FakeGatewaySettings, use: (own: FakeGateway) => Promise<void>): Promise<void> {
  const own = await fakeGateway({ decisionTimeoutMs: 20, ...settings });
  try {
    await use(own);
  } finally {
    await own.stop();
  }
}

/** Decides nothing at first, and the example link from the second command on. */
function lateDecision() {
  let calls = 0;
  return () => {
    calls += 1;
    return calls === 1 ? null : applied(LINK_CREATED);
  };
}

describe("waiting for the decision", () => {
  test("a command that Kafka has but nobody decided in time is 202 with its id and where to look", async () => {
    await withGateway({ decide: () => null }, async ({ asPartner, published }) => {
      const answered = await asPartner(create);
      const commandId = published[0]?.commandId;
      expect(answered.status).toBe(202);
      expect(answered.json).toEqual({ success: true, data: { commandId, status: "accepted" } });
      expect(answered.headers.get("location")).toBe(`/partner/commands/${commandId}`);
    });
  });

  test("Kafka known to be away is 503 UNAVAILABLE: nothing was accepted", async () => {
    await withGateway({ decide: () => new BrokerAway() }, async ({ asPartner }) => {
      const answered = await asPartner(create);
      expect(answered.status).toBe(503);
      expect(answered.json.error.code).toBe("UNAVAILABLE");
      expect(answered.json.error).not.toHaveProperty("commandId");
      expect(answered.headers.get("retry-after")).toBe("2");
    });
  });

  test("sent but not acknowledged is 503 OUTCOME_UNKNOWN with the command's id", async () => {
    await withGateway({ decide: () => new OutcomeUnknown() }, async ({ asPartner }) => {
      const answered = await asPartner(create);
      expect(answered.status).toBe(503);
      expect(answered.json.error).toMatchObject({ code: "OUTCOME_UNKNOWN" });
      expect(answered.json.error.commandId).toMatch(/^cmd_acme_[0-9a-z]{12}$/);
      expect(answered.headers.get("retry-after")).toBe("2");
    });
  });

  test("a command that failed for no fault of the caller is a 500 without details", async () => {
    const refusal = { code: "INTERNAL_ERROR", message: "Something went wrong on our side", facts: {} } as const;
    await withGateway({ decide: () => ({ outcome: "failed", answer: null, refusal }) }, async ({ asPartner }) => {
      const answered = await asPartner(create);
      expect([answered.status, answered.json.error.code]).toEqual([500, "INTERNAL_ERROR"]);
    });
  });

  test("the time until the decision is measured by outcome", async () => {
    await withGateway({ decide: lateDecision() }, async ({ asPartner, dependencies }) => {
      await asPartner(create);
      await asPartner(create);
      const text = await dependencies.metrics.text();
      expect(text).toMatch(/m2m_decision_latency_seconds_count\{[^}]*outcome="undecided"[^}]*\} 1/);
      expect(text).toMatch(/m2m_decision_latency_seconds_count\{[^}]*outcome="applied"[^}]*\} 1/);
    });
  });
});

describe("Idempotency-Key", () => {
  const withKey = { ...create, idempotencyKey: "key-1" };

  test("the same key and body get the same bytes again, without a second command", async () => {
    await withGateway({ decide: () => applied(LINK_CREATED) }, async ({ asPartner, published }) => {
      const first = await asPartner(withKey);
      const again = await asPartner({ ...withKey, body: undefined, rawBody: ' {"referenceId" : "user-1"} ' });
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(again.text).toBe(first.text);
      expect(first.headers.get("idempotency-replayed")).toBeNull();
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      expect(published).toHaveLength(1);
    });
  });

  test("a refusal is remembered too, byte for byte", async () => {
    const refusal = { code: "ACTIVE_LINK_EXISTS", message: "User already has an active link", facts: {} } as const;
    await withGateway(
      { decide: () => ({ outcome: "refused", answer: null, refusal }) },
      async ({ asPartner, published }) => {
        const first = await asPartner(withKey);
        const again = await asPartner(withKey);
        expect([first.status, again.status]).toEqual([409, 409]);
        expect(again.text).toBe(first.text);
        expect(published).toHaveLength(1);
      },
    );
  });

  test("the same key with another body is 409 IDEMPOTENCY_KEY_REUSED", async () => {
    await withGateway({ decide: () => applied(LINK_CREATED) }, async ({ asPartner }) => {
      await asPartner(withKey);
      const other = await asPartner({ ...withKey, body: { referenceId: "user-2" } });
      expect([other.status, other.json.error.code]).toEqual([409, "IDEMPOTENCY_KEY_REUSED"]);
    });
  });

  test("the same key for another path is another key", async () => {
    const readLink = async () => null;
    await withGateway({ decide: () => applied(LINK_CREATED), reads: { readLink } }, async ({ asPartner }) => {
      await asPartner(withKey);
      const path = "/partner/links/link_acme_0123456789ab/revoke";
      expect((await asPartner({ ...withKey, path })).status).toBe(404);
    });
  });

  test("a repeat while undecided sends the same command again, and the answer replaces the 202", async () => {
    await withGateway({ decide: lateDecision() }, async ({ asPartner, published }) => {
      const first = await asPartner(withKey);
      const again = await asPartner(withKey);
      expect([first.status, again.status]).toEqual([202, 201]);
      expect(published).toHaveLength(2);
      expect(published[1]?.commandId).toBe(published[0]?.commandId);
      const third = await asPartner(withKey);
      expect(third.text).toBe(again.text);
      expect(third.headers.get("idempotency-replayed")).toBe("true");
    });
  });

  test("a repeat of a command that was decided meanwhile finds its decision without sending it again", async () => {
    await withGateway({ decide: () => null }, async ({ asPartner, published, stored }) => {
      await asPartner(withKey);
      const { commandId } = published[0]!;
      stored.set(commandId, { commandId, ...applied(LINK_CREATED) });
      expect((await asPartner(withKey)).status).toBe(201);
      expect(published).toHaveLength(1);
    });
  });

  test("when Kafka is away at a repeat, nobody claims that nothing was accepted", async () => {
    const answers = [new OutcomeUnknown(), new BrokerAway()];
    await withGateway({ decide: () => answers.shift() ?? null }, async ({ asPartner }) => {
      const first = await asPartner(withKey);
      const again = await asPartner(withKey);
      expect([first.json.error.code, again.json.error.code]).toEqual(["OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN"]);
      expect(again.json.error.commandId).toBe(first.json.error.commandId);
    });
  });

  test("a 5xx is not remembered: a failed command is made anew", async () => {
    const refusal = { code: "INTERNAL_ERROR", message: "Something went wrong on our side", facts: {} } as const;
    const decisions = [{ outcome: "failed", answer: null, refusal } as const, applied(LINK_CREATED)];
    await withGateway({ decide: () => decisions.shift() ?? null }, async ({ asPartner, published }) => {
      expect((await asPartner(withKey)).status).toBe(500);
      expect((await asPartner(withKey)).status).toBe(201);
      expect(published[1]?.commandId).not.toBe(published[0]?.commandId);
    });
  });

  test("a 400 does not use up the key", async () => {
    await withGateway({ decide: () => applied(LINK_CREATED) }, async ({ asPartner }) => {
      expect((await asPartner({ ...withKey, body: {} })).status).toBe(400);
      expect((await asPartner(withKey)).status).toBe(201);
    });
  });

  test("two at once share one command and one answer", async () => {
    await withGateway({ decide: () => null, decisionTimeoutMs: 5_000 }, async ({ asPartner, published, stored }) => {
      const both = [asPartner(withKey), asPartner(withKey)];
      while (published.length < 2) await new Promise((tick) => setImmediate(tick));
      const { commandId } = published[0]!;
      stored.set(commandId, { commandId, ...applied(LINK_CREATED) });
      const [one, other] = await Promise.all(both);
      expect([one?.status, other?.status]).toEqual([201, 201]);
      expect(new Set(published.map((command) => command.commandId)).size).toBe(1);
    });
  });

  test.each([
    ["", 400],
    ["x".repeat(256), 400],
    ["x".repeat(255), 201],
  ])("a key of %s characters is judged", async (key, status) => {
    await withGateway({ decide: () => applied(LINK_CREATED) }, async ({ asPartner }) => {
      const answered = await asPartner({ ...create, idempotencyKey: key });
      expect(answered.status).toBe(status);
      if (status === 400) expect(answered.json.error.details).toMatchObject([{ path: "Idempotency-Key" }]);
    });
  });
});

describe("reading a command", () => {
  test("an invented id is 404, one of another partner too", async () => {
    await withGateway({}, async ({ asPartner, dependencies }) => {
      const foreign = dependencies.commandIds.issue({ partner: "globex", environment: "test" });
      const live = dependencies.commandIds.issue({ partner: "acme", environment: "live" });
      for (const id of ["cmd_acme_0123456789ab", foreign, live, "x"]) {
        expect((await asPartner({ path: `/partner/commands/${id}` })).status).toBe(404);
      }
    });
  });

  test("an undecided command is accepted", async () => {
    await withGateway({ decide: () => null }, async ({ asPartner }) => {
      const accepted = await asPartner(create);
      const answered = await asPartner({ path: accepted.headers.get("location") ?? "" });
      expect(answered.status).toBe(200);
      expect(answered.json.data).toEqual({ commandId: accepted.json.data.commandId, status: "accepted" });
    });
  });

  const decidedAt = "2026-03-01T12:00:00.000Z";

  test("an applied one has the answer that the write would have had; its secret only for those who may write links", async () => {
    const findDecidedCommand = async ({ commandId }: { readonly commandId: string }) => ({
      ...{ commandId, commandType: "CreateLink", decidedAt },
      ...applied(LINK_CREATED),
    });
    for (const permissions of [["read", "links:write"], ["read"]] as const) {
      await withGateway({ reads: { findDecidedCommand }, permissions }, async ({ asPartner, dependencies }) => {
        const commandId = dependencies.commandIds.issue({ partner: "acme", environment: "test" });
        const answered = await asPartner({ path: `/partner/commands/${commandId}` });
        const token = dependencies.tokens.tokenOf(LINK_CREATED.linkId);
        expect(answered.json.data).toMatchObject({
          commandId,
          status: "applied",
          answer: { linkId: LINK_CREATED.linkId },
        });
        expect(answered.text.includes(token)).toBe(permissions.length === 2);
      });
    }
  });

  test("a refused one has the error that it led to", async () => {
    const refusal = { code: "LINK_EXPIRED", message: "This link has expired", facts: {} } as const;
    const findDecidedCommand = async ({ commandId }: { readonly commandId: string }) =>
      ({ commandId, commandType: "OpenLink", decidedAt, outcome: "refused", answer: null, refusal }) as const;
    await withGateway({ reads: { findDecidedCommand } }, async ({ asPartner, dependencies }) => {
      const commandId = dependencies.commandIds.issue({ partner: "acme", environment: "test" });
      const answered = await asPartner({ path: `/partner/commands/${commandId}` });
      expect(answered.json.data).toEqual({
        commandId,
        status: "refused",
        error: { code: "LINK_EXPIRED", message: "This link has expired" },
      });
    });
  });
});
