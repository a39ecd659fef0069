import type { LinkSettings } from "../domain/link/link.ts";
import type { Problem } from "../domain/refusals.ts";
import { referenceIdProblem, referenceIdWarnings } from "../domain/user/reference-id.ts";
import type { CreateLinkBody } from "../schemas/generated.ts";
import { unknownFields, type Warning } from "./check-input.ts";
import { urlProblems, webhookUrlProblems } from "./url-input.ts";
import { userDataProblems } from "./user-data-input.ts";

export interface LinkRules {
  /** `YYYY-MM-DD`. */
  readonly today: string;
  readonly allowPrivateTargets: boolean;
}

const DEFAULT_FLOW = "m2m-basic";
const MAX_METADATA_BYTES = 16 * 1024;
const URL_FIELDS = ["redirectUrl", "expiredRedirectUrl"] as const;

/** What is wrong with the body of POST /partner/links beyond its schema: B13, A9, URLs, the size of metadata. */
export function linkProblems(body: Readonly<Record<string, unknown>>, rules: LinkRules): readonly Problem[] {
  const { referenceId, metadata } = body;
  const junk = typeof referenceId === "string" ? referenceIdProblem(referenceId) : null;
  return [
    ...(junk === null ? [] : [junk]),
    ...userDataProblems(body["userData"], rules.today),
    ...(Buffer.byteLength(JSON.stringify(metadata ?? null)) > MAX_METADATA_BYTES ? [METADATA_TOO_LARGE] : []),
    ...webhookUrlProblems("callbackUrl", body["callbackUrl"], rules),
    ...URL_FIELDS.flatMap((name) => urlProblems(name, body[name], rules)),
  ];
}

/** What was chosen for the link, with the default flow (doc). */
export function linkSettings(body: CreateLinkBody): LinkSettings {
  return {
    flow: body.flow ?? DEFAULT_FLOW,
    theme: body.theme ?? null,
    language: body.language ?? null,
    callbackUrl: body.callbackUrl ?? null,
    redirectUrl: body.redirectUrl ?? null,
    expiredRedirectUrl: body.expiredRedirectUrl ?? null,
    metadata: body.metadata ?? null,
  };
}

/** What is allowed but will hurt later (B13, S14), and what was not understood. */
export function linkWarnings(body: CreateLinkBody): readonly Warning[] {
  const unstable = referenceIdWarnings(body.referenceId);
  return [
    ...unstable.map((message) => ({ code: "unstable_reference_id", path: "referenceId", message })),
    ...unknownFields(body, KNOWN),
  ];
}

const KNOWN: Readonly<Record<keyof CreateLinkBody, true>> = {
  referenceId: true,
  expiresInMinutes: true,
  userData: true,
  metadata: true,
  flow: true,
  theme: true,
  language: true,
  callbackUrl: true,
  onActive: true,
  redirectUrl: true,
  expiredRedirectUrl: true,
};

const METADATA_TOO_LARGE: Problem = {
  path: "metadata",
  code: "too_large",
  message: "The metadata field must have at most 16 KiB",
};
