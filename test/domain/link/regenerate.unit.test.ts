import { describe, expect, test } from "vitest";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

const CHOSEN = {
  flow: "m2m-branded",
  theme: "dark",
  language: "es",
  callbackUrl: "https://partner.example/hook",
  redirectUrl: "https://partner.example/done",
  expiredRedirectUrl: "https://partner.example/late",
  metadata: { order: 7 },
} as const;

function withLink(): Play {
  const stage = play();
  stage.create({ ...CHOSEN, userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  return stage;
}

describe("regenerating a link", () => {
  test.each(["created", "opened"])(
    "C12 one that is %s is revoked in the same step; the new one has its settings",
    (status) => {
      const stage = withLink();
      if (status === "opened") stage.open();
      const { linkId } = stage.link();
      const { answer, events } = stage.regenerate({ expiresInMinutes: 30 });
      expect(typesOf({ events })).toEqual(["link.revoked", "link.created"]);
      expect(stage.record().links[0]).toMatchObject({ linkId, status: "revoked", revokeReason: "regenerated" });
      expect(stage.link()).toMatchObject({ ...CHOSEN, status: "created", replaces: linkId, openedAt: null });
      expect(Date.parse(stage.link().expiresAt) - Date.parse(stage.link().createdAt)).toBe(30 * 60_000);
      expect(answer).toMatchObject({ kind: "link_created", linkId: stage.link().linkId, replaces: linkId });
    },
  );

  test("C12 one that expired, unseen or seen, was revoked, or is completed", () => {
    const stage = withLink();
    const first = stage.link().linkId;
    stage.clock.advanceMinutes(60);
    expect(typesOf(stage.regenerate())).toEqual(["link.expired", "link.created"]);
    expect(stage.link().replaces).toBe(first);
    stage.revoke();
    expect(typesOf(stage.regenerate())).toEqual(["link.created"]);
    stage.open();
    stage.submitCip();
    stage.cipResult();
    stage.confirm();
    stage.updateOperation();
    const completed = stage.link().linkId;
    stage.regenerate();
    expect(stage.link()).toMatchObject({ ...CHOSEN, replaces: completed });
    expect(stage.regenerate({ linkId: stage.link().linkId }).answer).toMatchObject({ userState: "cip_verified" });
  });

  test("C12 one that is in progress is not, and nothing changes", () => {
    const stage = withLink();
    stage.open();
    stage.submitCip();
    const before = stage.record();
    expect(refusalOf(() => stage.regenerate())).toMatchObject({
      code: "LINK_NOT_REVOCABLE",
      facts: { status: "in_progress" },
    });
    expect(stage.record()).toBe(before);
  });

  test("C12 C2 not an old one while another is active", () => {
    const stage = withLink();
    const old = stage.link().linkId;
    stage.revoke();
    stage.create();
    const { code, facts } = refusalOf(() => stage.regenerate({ linkId: old }));
    expect(code).toBe("ACTIVE_LINK_EXISTS");
    expect(facts.existingLinkId).toBe(stage.link().linkId);
  });

  test("C12 an unknown link is not found", () => {
    expect(refusalOf(() => withLink().regenerate({ linkId: "link_acme_unknown" })).code).toBe("RESOURCE_NOT_FOUND");
  });

  test("C12 D11 the request ends with the old link; the new one asks again under a new id", () => {
    const stage = play();
    stage.create();
    const { dataRequestId } = stage.request();
    stage.regenerate();
    expect(stage.record().dataRequests).toMatchObject([{ dataRequestId, status: "cancelled" }, { status: "open" }]);
    expect(stage.request()).toMatchObject({ linkId: stage.link().linkId });
  });
});
