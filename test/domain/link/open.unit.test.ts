import { describe, expect, test } from "vitest";
import type { Command } from "../../../domain/commands.ts";
import { isClearlyActive } from "../../../domain/link/active.ts";
import { statusAt } from "../../../domain/link/states.ts";
import { play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

const DEVICE = { userAgent: "Mozilla/5.0", platform: "Android", language: "es" };

function withLink() {
  const stage = play({ endpoints: [] });
  stage.create({ userData: BASIC_DATA, expiresInMinutes: 5 });
  return stage;
}

describe("opening a link", () => {
  test("C6 happens once: opening again changes nothing and is no event", () => {
    const stage = withLink();
    stage.clock.advanceMinutes(1);
    const { linkId } = stage.link();
    expect(stage.open({ device: DEVICE }).events).toMatchObject([
      {
        type: "link.opened",
        data: {
          linkId,
          referenceId: "user_12345",
          openedAt: "2026-03-01T12:01:00.000Z",
          deviceInfo: DEVICE,
        },
      },
    ]);
    const before = stage.record();
    expect(stage.open().events).toEqual([]);
    expect(stage.open().answer).toEqual({ kind: "session_changed", linkId, ignoredFields: [] });
    expect(stage.record()).toBe(before);
  });

  test("C6 opening never consumes the link: it opens in progress and when completed, without an event", () => {
    const stage = withLink();
    stage.open();
    stage.provide({ paymentMethod: BANK_ACCOUNT });
    expect(stage.open().events).toEqual([]);
    stage.submitCip();
    stage.cipResult();
    stage.confirm();
    stage.updateOperation();
    expect(stage.link().status).toBe("completed");
    expect(stage.open().events).toEqual([]);
    expect(stage.link().status).toBe("completed");
  });

  test("C7 expiresAt is exclusive: a millisecond before it opens, at it the link has expired", () => {
    const early = withLink();
    early.clock.set("2026-03-01T12:04:59.999Z");
    expect(typesOf(early.open())).toEqual(["link.opened"]);
    const late = withLink();
    late.clock.set("2026-03-01T12:05:00.000Z");
    expect(refusalOf(() => late.open())).toEqual({ code: "LINK_EXPIRED", message: "This link has expired", facts: {} });
  });

  test("C7 the writer's receive time decides, not when the page sent it", () => {
    const stage = withLink();
    const { linkId } = stage.link();
    stage.clock.advanceMinutes(5);
    const command: Command = {
      ...{ partner: "acme", environment: "test", referenceId: "user_12345", commandId: "cmd_acme_late00000000" },
      actor: { kind: "user", id: null },
      issuedAt: "2026-03-01T12:04:00.000Z",
      ...{ replyTo: null, values: {} },
      type: "OpenLink",
      payload: { linkId, device: DEVICE },
    };
    expect(refusalOf(() => stage.send(command)).code).toBe("LINK_EXPIRED");
  });

  test("E1 a revoked link does not open, and an unknown one is not found", () => {
    const stage = withLink();
    stage.revoke();
    expect(refusalOf(() => stage.open()).code).toBe("LINK_REVOKED");
    expect(refusalOf(() => stage.open({ linkId: "link_other_000000000000" })).code).toBe("RESOURCE_NOT_FOUND");
    expect(refusalOf(() => play().open()).code).toBe("RESOURCE_NOT_FOUND");
  });
});

describe("what a reader sees", () => {
  test("C5 C7 a link past its time is expired for every reader, also before anybody wrote it down", () => {
    const stage = withLink();
    expect(statusAt(stage.link(), "2026-03-01T12:04:59.999Z")).toBe("created");
    expect(statusAt(stage.link(), "2026-03-01T12:05:00.000Z")).toBe("expired");
    expect(stage.link().status).toBe("created");
  });

  test("C1 C8 a committed link stays what it is, however late", () => {
    const stage = withLink();
    stage.open();
    stage.provide({ paymentMethod: BANK_ACCOUNT });
    stage.submitCip();
    stage.cipResult();
    stage.confirm();
    expect(statusAt(stage.link(), "2027-01-01T00:00:00.000Z")).toBe("in_progress");
    expect(isClearlyActive(stage.link(), "2027-01-01T00:00:00.000Z")).toBe(true);
  });

  test("C2 a link is clearly active with more than five seconds left, and never once it has ended", () => {
    const stage = withLink();
    expect(isClearlyActive(stage.link(), "2026-03-01T12:04:54.999Z")).toBe(true);
    expect(isClearlyActive(stage.link(), "2026-03-01T12:04:55.000Z")).toBe(false);
    expect(isClearlyActive(stage.link(), "2026-03-01T12:05:00.000Z")).toBe(false);
    stage.revoke();
    expect(isClearlyActive(stage.link(), "2026-03-01T12:00:01.000Z")).toBe(false);
  });
});
