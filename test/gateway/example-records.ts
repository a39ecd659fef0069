import type { Answer } from "../../domain/decision.ts";
import type { Link } from "../../domain/link/link.ts";
import type { Operation } from "../../domain/operation/operation.ts";
import type { User, UserAddress } from "../../domain/user/user.ts";

export const LINK_ID = "link_acme_0123456789ab";
export const ADDRESS: UserAddress = { partner: "acme", environment: "test", referenceId: "user-1" };

const CREATED = "2026-03-01T11:30:00.000Z";
const EXPIRES = "2026-03-01T12:30:00.000Z";

/** A link that is open until half an hour after the fake gateway's now. */
export function exampleLink(change: Partial<Link> = {}): Link {
  return {
    linkId: LINK_ID,
    status: "created",
    createdAt: CREATED,
    expiresAt: EXPIRES,
    openedAt: null,
    completedAt: null,
    expiredAt: null,
    revokedAt: null,
    revokeReason: null,
    committedOperationId: null,
    widgetVersion: 0,
    replaces: null,
    flow: "m2m-basic",
    theme: null,
    language: null,
    callbackUrl: null,
    redirectUrl: null,
    expiredRedirectUrl: null,
    metadata: null,
    ...change,
  };
}

/** A user who said a few things over the API. */
export function exampleUser(change: Partial<User> = {}): User {
  const said = { partner_api: { sequence: 1, at: CREATED } };
  return {
    ...ADDRESS,
    userId: "user_acme_0123456789ab",
    state: "data_incomplete",
    version: 1,
    lastSequence: 3,
    lastAt: CREATED,
    createdAt: CREATED,
    updatedAt: CREATED,
    assertions: {
      "name.firstName": said,
      "name.secondName": { partner_api: { sequence: 1, at: CREATED, notApplicable: true } },
      idNumber: said,
      dob: said,
    },
    values: {
      "name.firstName": { partner_api: "Ana" },
      idNumber: { partner_api: "ABCD123456" },
      dob: { partner_api: "1990-05-15" },
    },
    cip: {
      attempts: 0,
      currentAttemptId: null,
      verifiedAt: null,
      verifiedAttemptId: null,
      failure: null,
      isFinal: false,
      isHeldForReview: false,
      dueFields: {},
      verification: null,
      needsReview: false,
      extraAttempts: 0,
      verifiedOutputDifferences: [],
      eventuallyDue: null,
    },
    verifiedValues: {},
    verifiedNotApplicable: [],
    flags: [],
    identityFlips: [],
    ...change,
  };
}

/** A transfer of the example link. */
export function exampleOperation(change: Partial<Operation> = {}): Operation {
  return {
    operationId: "op_acme_0123456789ab",
    linkId: LINK_ID,
    status: "created",
    amount: {
      send: "100.10",
      receive: "1706.71",
      rate: "17.05",
      fee: "2.99",
      currency: { source: "USD", destination: "MXN" },
    },
    paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber: "012345678901234567" } },
    createdAt: CREATED,
    processingAt: null,
    completedAt: null,
    failedAt: null,
    cancelledAt: null,
    failureReason: null,
    isHeldForReview: false,
    updates: [],
    ...change,
  };
}

/** What the writer answers when it made the example link. */
export const LINK_CREATED = {
  kind: "link_created",
  linkId: LINK_ID,
  referenceId: ADDRESS.referenceId,
  status: "created",
  flow: "m2m-basic",
  expiresAt: EXPIRES,
  createdAt: CREATED,
  userId: "user_acme_0123456789ab",
  userState: "data_incomplete",
  userVersion: 1,
  missingFields: ["name.lastName"],
  dataRequestId: null,
  ignoredFields: [],
  replaces: null,
} as const satisfies Answer;

/** A decision that applied a command. */
export function applied(answer: Answer) {
  return { outcome: "applied", answer, refusal: null } as const;
}
