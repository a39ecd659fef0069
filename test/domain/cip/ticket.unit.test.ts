import { describe, expect, test } from "vitest";
import { stepsOf } from "../../../domain/link/session.ts";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

function withLink(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  return stage;
}

describe("a ticket for the identity check", () => {
  test("B17 creates the attempt, also before anybody opened the link, whose page then shows the check", () => {
    const stage = withLink();
    const { answer, events, effects } = stage.issueTicket();
    const { attemptId } = stage.attempt();
    const { linkId, flow, expiresAt } = stage.link();
    expect(answer).toEqual({ kind: "cip_ticket_issued", linkId, ticketId: attemptId, flow, expiresAt });
    expect(typesOf({ events })).toEqual(["user.state_changed", "user.cip_pending"]);
    expect(effects).toEqual([{ kind: "request_cip", attemptId }]);
    expect(stage.attempt()).toMatchObject({ kind: "ticket", linkId, status: "open" });
    expect(stage.link().status).toBe("created");
    const facts = { user: stage.user(), operation: null, settings: stage.partner.settings, now: stage.clock.now() };
    expect(stepsOf({ ...facts, link: stage.link() })).toEqual(["open", "cip", "confirm", "done"]);
    stage.cipResult();
    expect(stage.user().state).toBe("cip_verified");
  });

  test("B17 on an opened link it is a step like the user's own", () => {
    const stage = withLink();
    stage.open();
    stage.issueTicket();
    expect(stage.link().status).toBe("in_progress");
  });

  test("B17 refused for a link that is revoked, expired or completed, and for another's", () => {
    const revoked = withLink();
    revoked.revoke();
    expect(refusalOf(() => revoked.issueTicket()).code).toBe("LINK_REVOKED");
    const expired = withLink();
    expired.clock.advanceMinutes(61);
    expect(refusalOf(() => expired.issueTicket()).code).toBe("LINK_EXPIRED");
    expect(refusalOf(() => withLink().issueTicket("link_acme_none")).code).toBe("RESOURCE_NOT_FOUND");
    const completed = withLink();
    completed.open();
    completed.submitCip();
    completed.cipResult();
    completed.confirm();
    completed.updateOperation();
    completed.update({ dob: "1990-05-16" });
    expect(refusalOf(() => completed.issueTicket())).toMatchObject({
      code: "LINK_NOT_OPEN",
      facts: { status: "completed" },
    });
  });

  test("B17 B16 refused without the data, for a verified user, and as a submission is", () => {
    const incomplete = play();
    incomplete.create({ userData: { ...BASIC_DATA, dob: null } });
    expect(refusalOf(() => incomplete.issueTicket())).toMatchObject({
      code: "CIP_NOT_READY",
      facts: { missingFields: ["dob"] },
    });
    const stage = withLink();
    stage.issueTicket();
    expect(refusalOf(() => stage.issueTicket()).code).toBe("CIP_IN_PROGRESS");
    stage.cipResult();
    expect(refusalOf(() => stage.issueTicket())).toMatchObject({ code: "CIP_NOT_READY", facts: { missingFields: [] } });
    stage.update({ dob: "1990-05-16" });
    expect(stage.issueTicket().answer.kind).toBe("cip_ticket_issued");
    stage.cipResult({ outcome: "failed", isFinal: true });
    expect(refusalOf(() => stage.issueTicket()).code).toBe("CIP_FAILED_FINAL");
  });

  test("B17 E10 not while the partner is suspended", () => {
    const stage = withLink();
    stage.partner = { ...stage.partner, isSuspended: true };
    expect(refusalOf(() => stage.issueTicket()).code).toBe("PARTNER_SUSPENDED");
  });

  test("B17 B10 an attempt that a ticket began counts like any other", () => {
    const stage = play({ settings: { maxCipAttempts: 1 } });
    stage.create({ userData: BASIC_DATA });
    stage.issueTicket();
    stage.cipResult({ outcome: "failed" });
    expect(refusalOf(() => stage.issueTicket()).code).toBe("CIP_ATTEMPTS_EXHAUSTED");
  });
});
