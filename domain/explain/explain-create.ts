import type { CreateLink } from "../commands.ts";
import { decide } from "../decide.ts";
import type { UserRecord } from "../decision.ts";
import { stepsOf } from "../link/session.ts";
import { isActive } from "../link/states.ts";
import type { ExplainedCreate } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { SENTENCES } from "./sentences.ts";

/**
 * C2, E10: what POST /partner/links with nothing but the referenceId would get at this moment, by the rules themselves;
 * nothing of it is stored.
 */
export function explainCreate(moment: Moment): ExplainedCreate {
  const { partner, now, record } = moment;
  const newId = (kind: string) => `${kind}_hypothetical`;
  const addresses = { widget: "", gateway: "" };
  const decision = decide(hypotheticalCreate(moment), record, { partner, now, addresses, newId });
  if (decision.outcome === "refused") {
    const { code, message } = decision.refusal;
    const active = record.links.find((link) => isActive(link, now)) ?? null;
    const sentence =
      code === "ACTIVE_LINK_EXISTS" && active !== null
        ? SENTENCES.createRefusedByLink(active)
        : SENTENCES.createRefused({ code, message });
    return { status: "refused", code, steps: [], sentence };
  }
  const after = decision.record;
  const steps = stepsAfter(moment, after);
  const asksFor = after.dataRequests.at(-1)?.dataRequestId.endsWith("hypothetical")
    ? (after.dataRequests.at(-1)?.requiredFields ?? [])
    : [];
  return { status: "created", code: null, steps, sentence: SENTENCES.createPossible({ steps, asksFor }) };
}

function stepsAfter({ partner, now }: Moment, { user, links }: UserRecord): ExplainedCreate["steps"] {
  const link = links.at(-1);
  if (user === null || link === undefined) throw new Error("a create was applied and made no link");
  return stepsOf({ link, user, operation: null, settings: partner.settings, now });
}

function hypotheticalCreate({ user, now }: Moment): CreateLink {
  const { partner, environment, referenceId } = user;
  return {
    ...{ partner, environment, referenceId },
    type: "CreateLink",
    commandId: "cmd_hypothetical",
    actor: { kind: "partner", id: null },
    issuedAt: now,
    replyTo: null,
    values: {},
    payload: {
      flow: "m2m-basic",
      theme: null,
      language: null,
      callbackUrl: null,
      redirectUrl: null,
      expiredRedirectUrl: null,
      metadata: null,
      expiresInMinutes: null,
      onActive: "error",
      userData: { paths: [], notApplicable: [], empty: [] },
    },
  };
}
