import type { Actor } from "../commands.ts";
import type { Source } from "../user/fields.ts";
import type { Similarity } from "../user/similarity.ts";
import type { UserState } from "../user/user.ts";

/** How a source is called in a sentence. */
export const SOURCE_WORDS: { readonly [source in Source]: string } = {
  operator: "an operator's correction (operator)",
  partner_api: "the partner's API call (partner_api)",
  partner_webhook: "the partner's answer to a data request (partner_webhook)",
  widget: "the user on the link's page (widget)",
};

export const ACTORS: { readonly [kind in Actor["kind"]]: string } = {
  partner: "the partner",
  user: "the user",
  cip: "the CIP system",
  payments: "the payment system",
  timer: "the clock",
  operator: "an operator",
};

/** A8: how far a word is from the one that counts. */
export const DISTANCES: { readonly [similarity in Similarity]: string } = {
  cosmetic: "the same but for capitals, accents or separators",
  similar: "similar, as after a slip of the hand",
  different: "quite different",
};

export const STATE_WORDS: { readonly [state in UserState]: string } = {
  pending: "Nothing is known of the user yet.",
  data_incomplete: "Data is missing for the identity check.",
  data_complete: "All data for the identity check is there; the check has not begun.",
  cip_pending: "The identity check is running.",
  cip_verified: "The identity is verified.",
  cip_failed: "The identity check failed.",
};

/** The reasons of user.state_changed; a word that is not here is told as it is. */
export const STATE_REASONS: { readonly [reason: string]: string | undefined } = {
  link_created: "a link was created with what was known then",
  link_opened: "its link was opened",
  data_requested: "data was requested from the partner",
  data_request_answered: "the partner answered a data request",
  data_provided: "data was provided",
  data_removed: "a source took a value back",
  data_corrected: "an operator corrected its data",
  requirements_changed: "the partner's required fields had changed",
  policy_applied: "changed requirements were applied",
  cip_submitted: "the data was submitted to the identity check",
  cip_ticket_issued: "the partner asked for an identity check",
  cip_result_received: "a result came for a check that was not noted as running",
  identity_substituted: "the verified identity was replaced by another one",
  cip_verified: "the identity check passed",
  cip_failed: "the identity check failed",
  cip_abandoned: "the identity check was abandoned, which is no failure",
  cip_needs_data: "the CIP system asked for data",
  review_approved: "an operator approved it",
  review_rejected: "an operator rejected it for good",
  reverification_overdue: "the identity check was not repeated in time",
};
