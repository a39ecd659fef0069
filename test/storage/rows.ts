import { randomBytes } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { CipAttempt } from "../../domain/cip/attempt.ts";
import type { DataRequest } from "../../domain/data-request/data-request.ts";
import type { HeldResult } from "../../domain/decision.ts";
import type { Link } from "../../domain/link/link.ts";
import type { Operation } from "../../domain/operation/operation.ts";
import type { User, UserAddress } from "../../domain/user/user.ts";
import { fromAttempt } from "../../storage/mapping/cip-attempt.ts";
import { fromDataRequest } from "../../storage/mapping/data-request.ts";
import { fromHeldResult } from "../../storage/mapping/held-result.ts";
import { fromLink } from "../../storage/mapping/link.ts";
import { fromOperation } from "../../storage/mapping/operation.ts";
import { fromUser } from "../../storage/mapping/user.ts";
import { runSql } from "../../storage/sql.ts";

export const CREATED_AT = "2026-03-01T10:00:00.000Z";
export const LATER = "2026-03-01T10:30:00.000Z";
export const EXPIRES_AT = "2026-03-01T11:00:00.000Z";

/** A user that is stored, with what rows of its own need. */
export interface Owner {
  readonly user: User;
  readonly userId: string;
  readonly address: UserAddress;
}

/** Stores a user of its own referenceId. */
export async function storeUser(em: EntityManager, given: Partial<User> = {}): Promise<Owner> {
  const user = aUser(given);
  await insertRow(em, "users", fromUser(user, { winners: { dob: "widget" }, lastConfirmed: {}, identityHash: null }));
  const { partner, environment, referenceId } = user;
  return { user, userId: user.userId, address: { partner, environment, referenceId } };
}

/** Stores a link of a user, `created` and expiring in an hour unless it is said otherwise. */
export async function storeLink(em: EntityManager, owner: Owner, given: Partial<Link> = {}): Promise<Link> {
  const link = aLink(given);
  await insertRow(em, "links", fromLink(link, owner));
  return link;
}

/** Stores an operation of a link, `created` unless it is said otherwise. */
export async function storeOperation(
  em: EntityManager,
  owner: Owner,
  given: Partial<Operation> & Pick<Operation, "linkId">,
): Promise<Operation> {
  const operation = anOperation(given);
  await insertRow(em, "operations", fromOperation(operation, owner));
  return operation;
}

/** Stores a data request of a link, `open` unless it is said otherwise. */
export async function storeDataRequest(
  em: EntityManager,
  owner: Owner,
  given: Partial<DataRequest> & Pick<DataRequest, "linkId">,
): Promise<DataRequest> {
  const request = aDataRequest(given);
  await insertRow(em, "data_requests", fromDataRequest(request, owner));
  return request;
}

/** Stores an identity check of a link, `open` and the user's first unless it is said otherwise. */
export async function storeAttempt(
  em: EntityManager,
  owner: Owner,
  given: Partial<CipAttempt> & Pick<CipAttempt, "linkId">,
): Promise<CipAttempt> {
  const attempt = anAttempt(given);
  await insertRow(em, "cip_attempts", fromAttempt(attempt, owner));
  return attempt;
}

/** Stores a held result. */
export async function storeHeldResult(em: EntityManager, address: UserAddress, held: HeldResult): Promise<void> {
  await insertRow(em, "held_results", fromHeldResult(held, address));
}

/** Inserts a row as it is, so that a test can break a constraint. */
export async function insertRow(em: EntityManager, table: string, row: object): Promise<void> {
  await runSql(em, `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`, [
    JSON.stringify([row]),
  ]);
}

/** The name of the constraint that refuses the work; "nothing" when it goes through. */
export async function brokenBy(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => ({ constraint: "nothing" }),
    (thrown: unknown) => thrown as { constraint?: string },
  );
  return error.constraint ?? String(error);
}

export function aUser(given: Partial<User> = {}): User {
  const name = uniqueName();
  return {
    partner: "acme",
    environment: "test",
    referenceId: `ref-${name}`,
    userId: `user_acme_${name}`,
    state: "data_incomplete",
    version: 1,
    lastSequence: 1,
    lastAt: CREATED_AT,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    assertions: {},
    values: {},
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
    ...given,
  };
}

export function aLink(given: Partial<Link> = {}): Link {
  return {
    linkId: `link_acme_${uniqueName()}`,
    status: "created",
    createdAt: CREATED_AT,
    expiresAt: EXPIRES_AT,
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
    ...given,
  };
}

export function anOperation(given: Partial<Operation> & Pick<Operation, "linkId">): Operation {
  return {
    operationId: `op_acme_${uniqueName()}`,
    status: "created",
    amount: {
      send: "100.00",
      receive: "1705.00",
      rate: "17.0500",
      fee: "2.99",
      currency: { source: "USD", destination: "MXN" },
    },
    paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber: "0000111122223333" } },
    createdAt: CREATED_AT,
    processingAt: null,
    completedAt: null,
    failedAt: null,
    cancelledAt: null,
    failureReason: null,
    isHeldForReview: false,
    updates: [],
    ...given,
  };
}

export function aDataRequest(given: Partial<DataRequest> & Pick<DataRequest, "linkId">): DataRequest {
  return {
    dataRequestId: `dr_acme_${uniqueName()}`,
    status: "open",
    requiredFields: ["name.secondName", "idNumber", "dob"],
    remainingFields: ["idNumber", "dob"],
    createdAt: CREATED_AT,
    expiresAt: EXPIRES_AT,
    fulfilledAt: null,
    closedAt: null,
    ...given,
  };
}

export function anAttempt(given: Partial<CipAttempt> & Pick<CipAttempt, "linkId">): CipAttempt {
  return {
    attemptId: `cip_acme_${uniqueName()}`,
    kind: "automatic",
    number: 1,
    status: "open",
    policy: "basic/1",
    evidence: { fields: { dob: { source: "widget", sequence: 3 } }, fingerprint: "811c9dc5" },
    evidenceValues: { dob: "1990-02-03" },
    notApplicable: ["name.secondName"],
    revision: null,
    failure: null,
    isFinal: false,
    verifiedOutputs: null,
    results: [],
    createdAt: CREATED_AT,
    closedAt: null,
    ...given,
  };
}

export function uniqueName(): string {
  return randomBytes(6).toString("hex");
}
