import { describe, expect, test } from "vitest";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

function withLink(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  return stage;
}

function inProgress(): Play {
  const stage = withLink();
  stage.open();
  stage.submitCip();
  return stage;
}

describe("revoking a link", () => {
  test.each(["created", "opened"])("E1 a link that is %s can be revoked", (status) => {
    const stage = withLink();
    if (status === "opened") stage.open();
    stage.clock.advanceMinutes(1);
    const { linkId } = stage.link();
    const { answer, events } = stage.revoke({ reason: "asked for another amount" });
    expect(answer).toEqual({ kind: "link_revoked", linkId, revokedAt: "2026-03-01T12:01:00.000Z" });
    expect(events).toMatchObject([
      {
        type: "link.revoked",
        data: {
          linkId,
          referenceId: "user_12345",
          status: "revoked",
          at: "2026-03-01T12:01:00.000Z",
          reason: "asked for another amount",
        },
      },
    ]);
    expect(stage.user().state).toBe("data_complete");
  });

  test("E1 S9 after a revocation every step of the page gets a terminal answer", () => {
    const stage = withLink();
    stage.open();
    stage.revoke();
    for (const step of [
      () => stage.open(),
      () => stage.provide({ dob: "1990-05-16" }),
      () => stage.submitCip(),
      () => stage.confirm(),
    ]) {
      expect(refusalOf(step)).toEqual({ code: "LINK_REVOKED", message: "This link was revoked", facts: {} });
    }
  });

  test("E9 the same for a link that expired", () => {
    const stage = withLink();
    stage.open();
    stage.clock.advanceMinutes(60);
    for (const step of [() => stage.provide({}), () => stage.submitCip(), () => stage.confirm()]) {
      expect(refusalOf(step).code).toBe("LINK_EXPIRED");
    }
  });

  test("E2 a link in progress is not revocable, and the caller learns its status", () => {
    expect(refusalOf(() => inProgress().revoke())).toEqual({
      code: "LINK_NOT_REVOCABLE",
      message: "Only a link that is created or opened can be revoked; it is in_progress",
      facts: { status: "in_progress" },
    });
  });

  test("E2 force revokes a link in progress; E7 CIP goes on and its result reaches the user", () => {
    const stage = inProgress();
    const { answer, events } = stage.revoke({ force: true, reason: "the user called" });
    expect(typesOf({ events })).toEqual(["link.revoked"]);
    expect(answer).toMatchObject({ kind: "link_revoked", linkId: stage.link().linkId });
    expect(stage.link()).toMatchObject({ status: "revoked", revokeReason: "the user called" });
    stage.cipResult();
    expect(stage.user().state).toBe("cip_verified");
    expect(refusalOf(() => stage.confirm()).code).toBe("LINK_REVOKED");
  });

  test("E2 C8 force stops at the commit; after the transfer failed it works again", () => {
    const stage = inProgress();
    stage.cipResult();
    stage.confirm();
    expect(refusalOf(() => stage.revoke({ force: true }))).toMatchObject({
      code: "LINK_NOT_REVOCABLE",
      message: "A transfer was confirmed on this link: it can no longer be revoked",
      facts: { status: "in_progress" },
    });
    stage.updateOperation({ status: "failed" });
    stage.revoke({ force: true });
    expect(stage.link().status).toBe("revoked");
  });

  test("E2 E3 E5 force does not reach a link that has ended", () => {
    const expired = inProgress();
    expired.clock.advanceMinutes(60);
    expect(refusalOf(() => expired.revoke({ force: true })).facts).toEqual({ status: "expired" });
  });

  test("E3 C8 neither is a committed one, however late, nor a completed one", () => {
    const stage = inProgress();
    stage.cipResult();
    stage.confirm();
    stage.clock.advanceMinutes(600);
    expect(refusalOf(() => stage.revoke()).facts).toEqual({ status: "in_progress" });
    stage.updateOperation();
    expect(refusalOf(() => stage.revoke()).facts).toEqual({ status: "completed" });
  });

  test("E4 twice is as good as once: the first time and reason stay", () => {
    const stage = withLink();
    const first = stage.revoke({ reason: "first" });
    const before = stage.record();
    stage.clock.advanceMinutes(100);
    const second = stage.revoke({ reason: "second" });
    expect(second.answer).toEqual(first.answer);
    expect(second.events).toEqual([]);
    expect(stage.record()).toBe(before);
    expect(stage.link().revokeReason).toBe("first");
  });

  test.each(["written", "due"])("E5 an expired link (%s) stays expired", (how) => {
    const stage = withLink();
    stage.clock.advanceMinutes(60);
    if (how === "written") stage.expire();
    expect(refusalOf(() => stage.revoke())).toMatchObject({
      code: "LINK_NOT_REVOCABLE",
      facts: { status: "expired" },
    });
  });

  test("E6 revoke then create: the create works, also of a link whose data request was open", () => {
    const stage = play();
    stage.create();
    expect(typesOf(stage.revoke())).toEqual(["link.revoked", "user.data_request.closed"]);
    expect(stage.create().answer).toMatchObject({ kind: "link_created", replaces: null });
  });

  test("E7 a revocation while CIP runs: it goes on, and its result applies", () => {
    const stage = inProgress();
    stage.clock.advanceMinutes(60);
    stage.create();
    stage.revoke();
    expect(stage.user().state).toBe("cip_pending");
    stage.cipResult();
    expect(stage.user().state).toBe("cip_verified");
  });

  test("E8 an answer to a revoked link's request is refused, whether the request was still open or had been fulfilled", () => {
    const open = play();
    open.create();
    open.revoke();
    expect(refusalOf(() => open.answer({ dob: "1990-05-15" })).code).toBe("LINK_REVOKED");
    const fulfilled = play();
    fulfilled.create();
    fulfilled.answer(BASIC_DATA);
    fulfilled.revoke();
    expect(refusalOf(() => fulfilled.answer({ dob: "1990-05-16" })).code).toBe("LINK_REVOKED");
  });

  test("E1 an unknown link is not found", () => {
    expect(refusalOf(() => play().revoke()).code).toBe("RESOURCE_NOT_FOUND");
  });
});
