import type { Answer } from "../../domain/decision.ts";
import type { Warning } from "../check-input.ts";
import type { LinkAddresses } from "../link-address.ts";

export type LinkMade = Extract<Answer, { kind: "link_created" | "link_returned" }>;

export interface LinkCreatedContext {
  readonly addresses: LinkAddresses;
  /** Whether the call brought userData: when an existing link is returned, none of it was merged (C4). */
  readonly hasUserData: boolean;
  readonly warnings: readonly Warning[];
}

/** The answer to POST /partner/links, with the link's secret. */
export function linkCreatedView(answer: LinkMade, context: LinkCreatedContext) {
  const { kind, flow, dataRequestId, replaces, ...facts } = answer;
  const isUnmerged = kind === "link_returned" && context.hasUserData;
  return {
    ...facts,
    ...context.addresses.opened({ linkId: facts.linkId, flow }),
    ...(dataRequestId === null ? {} : { dataRequestId }),
    ...(replaces === null ? {} : { replaces }),
    warnings: isUnmerged ? [...context.warnings, NOT_MERGED] : context.warnings,
  };
}

const NOT_MERGED: Warning = {
  code: "not_merged",
  path: "userData",
  message: "userData was not merged, because the existing link was returned",
};
