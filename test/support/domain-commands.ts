import type { CipResult } from "../../domain/cip/attempt.ts";
import type { Command, CommandType, CreateLink } from "../../domain/commands.ts";
import type { UserRecord } from "../../domain/decision.ts";
import type { OperationUpdate } from "../../domain/operation/operation.ts";
import type { ReviewDecision } from "../../domain/review/decisions.ts";
import type { Path, Source, UserDataInput, Values } from "../../domain/user/fields.ts";
import { readUserData } from "../../domain/user/user-data.ts";

/** userData as a body has it: nested names, notApplicable, null for "not provided". */
export type UserDataBody = Readonly<Record<string, unknown>>;

type Payload<Type extends CommandType> = Extract<Command, { readonly type: Type }>["payload"];

export type CreateOptions = Partial<Omit<CreateLink["payload"], "userData">> & { readonly userData?: UserDataBody };

/** What the partner, the page, the CIP system, the payment system and the timers can say; the newest thing is meant. */
export interface CommandWriter<Result> {
  create(options?: CreateOptions): Result;
  revoke(payload?: Partial<Payload<"RevokeLink">>): Result;
  expire(linkId?: string): Result;
  regenerate(payload?: Partial<Payload<"RegenerateLink">>): Result;
  /** PATCH of the user. */
  update(userData: UserDataBody): Result;
  /** A field's word taken back: by the partner, or by an operator. */
  remove(path: Path, source?: Extract<Source, "partner_api" | "operator">): Result;
  /** An operator's word. */
  correct(userData: UserDataBody, reason?: string): Result;
  answer(userData: UserDataBody, payload?: Partial<Omit<Payload<"AnswerDataRequest">, "userData">>): Result;
  open(payload?: Partial<Payload<"OpenLink">>): Result;
  provide(userData: UserDataBody, payload?: Partial<Omit<Payload<"ProvideData">, "userData">>): Result;
  submitCip(linkId?: string): Result;
  issueTicket(linkId?: string): Result;
  review(decision: ReviewDecision, payload?: Partial<Omit<Payload<"ReviewUser">, "decision">>): Result;
  reverificationDue(): Result;
  applyPolicy(policy?: string): Result;
  confirm(payload?: Partial<Payload<"ConfirmOperation">>): Result;
  cancelOperation(linkId?: string): Result;
  resolve(payload?: Partial<Payload<"ResolveOperation">>): Result;
  /** `attemptId: null`: the result names only the user. `outputs`: what was read from documents (A10). */
  cipResult(
    result?: Partial<CipResult>,
    named?: { readonly attemptId: string | null; readonly outputs?: Values },
  ): Result;
  updateOperation(update?: Partial<OperationUpdate>): Result;
  park(heldResultId: string): Result;
}

export const NO_DATA: UserDataInput = { paths: [], notApplicable: [], empty: [] };
export const CARD = { type: "card", card: { token: "tok_5f2a", last4: "4242" } } as const;
export const BANK_ACCOUNT = {
  type: "bank_account",
  bankAccount: { country: "MX", accountNumber: "012345678901234567" },
} as const;
/** All that the policy `basic` needs. */
export const BASIC_DATA = {
  name: { firstName: "Juan", secondName: "Carlos", lastName: "Garcia" },
  idNumber: "GALO900515",
  dob: "1990-05-15",
} as const;
export const CURRENCY = { source: "USD", destination: "MXN" } as const;
const DEVICE = { userAgent: "test", platform: "phone", language: "en" };
const TODAY = "2026-03-01";

/** Flattens a body as the gateway does. */
export function given(body: UserDataBody): { readonly input: UserDataInput; readonly values: Values } {
  const { input, values, problems } = readUserData(body, TODAY);
  if (problems.length > 0) throw new Error(`the test sends invalid userData: ${problems[0]?.message}`);
  return { input, values };
}

interface Stage<Result> {
  readonly send: (command: Command) => Result;
  readonly record: () => UserRecord;
  readonly clock: { now(): string };
  /** The label of the partner's policy now. */
  readonly policy: () => string;
  readonly referenceId: string;
  /** Ids of commands and reports count on from here. */
  readonly countFrom?: number;
}

/** Writes commands with sensible defaults and sends them at once. */
export function commandWriter<Result>(stage: Stage<Result>): CommandWriter<Result> {
  const { record } = stage;
  const write = envelopes(stage);
  const linkId = () => record().links.at(-1)?.linkId ?? "link_acme_none";
  const versionOf = (id: string) => record().links.find((link) => link.linkId === id)?.widgetVersion ?? 0;
  let told = stage.countFrom ?? 0;
  const report = () => ({ provider: "test", providerEventId: `report_${++told}`, occurredAt: stage.clock.now() });
  return {
    create: ({ userData = {}, ...options } = {}) => {
      const { input, values } = given(userData);
      return write("CreateLink", { ...LINK_DEFAULTS, ...options, userData: input }, values);
    },
    revoke: (payload) => write("RevokeLink", { linkId: linkId(), reason: null, ...payload }),
    expire: (id = linkId()) => write("ExpireLink", { linkId: id }),
    regenerate: (payload) => write("RegenerateLink", { linkId: linkId(), expiresInMinutes: null, ...payload }),
    update: (userData) => {
      const { input, values } = given(userData);
      return write("UpdateUser", { userData: input }, values);
    },
    remove: (path, source = "partner_api") => write("RemoveField", { path, source }),
    correct: (userData, reason = "the user sent a passport") => {
      const { input, values } = given(userData);
      return write("CorrectUser", { userData: input, reason }, values);
    },
    answer: (userData, payload) => {
      const { input, values } = given(userData);
      const dataRequestId = record().dataRequests.at(-1)?.dataRequestId ?? "dr_acme_none";
      return write(
        "AnswerDataRequest",
        { dataRequestId, statedReferenceId: null, ...payload, userData: input },
        values,
      );
    },
    open: (payload) => write("OpenLink", { linkId: linkId(), device: DEVICE, ...payload }),
    provide: (userData, payload = {}) => {
      const { input, values } = given(userData);
      const meant = payload.linkId ?? linkId();
      return write("ProvideData", { version: versionOf(meant), ...payload, linkId: meant, userData: input }, values);
    },
    submitCip: (id = linkId()) => write("SubmitCip", { linkId: id }),
    issueTicket: (id = linkId()) => write("IssueCipTicket", { linkId: id }),
    review: (decision, payload) =>
      write("ReviewUser", { decision, reason: "looked at it", acceptDifferences: [], ...payload }),
    reverificationDue: () => write("MarkReverificationDue", { reverifyBy: stage.clock.now() }),
    applyPolicy: (policy = stage.policy()) => write("ApplyPolicy", { policy }),
    confirm: (payload) =>
      write("ConfirmOperation", { linkId: linkId(), send: "60.50", currency: CURRENCY, ...payload }),
    cancelOperation: (id = linkId()) => write("CancelOperation", { linkId: id }),
    resolve: (payload) => {
      const operationId = record().operations.at(-1)?.operationId ?? "op_acme_none";
      const told = { status: "completed", reason: "the bank confirmed it by telephone" } as const;
      return write("ResolveOperation", { operationId, ...told, ...payload });
    },
    cipResult: (result, named = newestAttempt(record())) =>
      write(
        "ApplyCipResult",
        { attemptId: named.attemptId, result: { ...RESULT_DEFAULTS, ...report(), ...result } },
        named.outputs,
      ),
    updateOperation: (update) => {
      const operationId = record().operations.at(-1)?.operationId ?? "op_acme_none";
      return write("ApplyOperationUpdate", { operationId, ...UPDATE_DEFAULTS, ...report(), ...update });
    },
    park: (heldResultId) => write("ParkHeldResult", { heldResultId }),
  };
}

function newestAttempt({ attempts }: UserRecord): { readonly attemptId: string | null; readonly outputs?: Values } {
  return attempts.toSorted((a, b) => a.number - b.number).at(-1) ?? { attemptId: "cip_acme_none" };
}

const LINK_DEFAULTS = {
  flow: "m2m-basic",
  theme: null,
  language: null,
  callbackUrl: null,
  redirectUrl: null,
  expiredRedirectUrl: null,
  metadata: null,
  expiresInMinutes: null,
  onActive: "error",
} as const;

const RESULT_DEFAULTS = {
  outcome: "verified",
  revision: null,
  reasons: [],
  isFinal: false,
  missingFields: [],
} as const;

const UPDATE_DEFAULTS = { status: "completed", amount: null, failureReason: null } as const;

const ACTORS: { readonly [type in CommandType]: Command["actor"]["kind"] } = {
  CreateLink: "partner",
  RevokeLink: "partner",
  RegenerateLink: "partner",
  UpdateUser: "partner",
  RemoveField: "partner",
  CorrectUser: "operator",
  CancelOperation: "user",
  ResolveOperation: "operator",
  ExpireLink: "timer",
  AnswerDataRequest: "partner",
  OpenLink: "user",
  ProvideData: "user",
  SubmitCip: "user",
  ConfirmOperation: "user",
  IssueCipTicket: "partner",
  ReviewUser: "operator",
  MarkReverificationDue: "timer",
  ApplyPolicy: "operator",
  ApplyCipResult: "cip",
  ApplyOperationUpdate: "payments",
  ParkHeldResult: "timer",
};

function envelopes<Result>({ send, clock, referenceId, countFrom = 0 }: Stage<Result>) {
  let written = countFrom;
  return <Type extends CommandType>(type: Type, payload: Payload<Type>, values: Values = {}): Result => {
    const command = {
      ...{ partner: "acme", environment: "test", referenceId },
      commandId: `cmd_acme_${String(++written).padStart(12, "0")}`,
      actor: { kind: isOperators(payload) ? "operator" : ACTORS[type], id: null },
      issuedAt: clock.now(),
      replyTo: null,
      values,
      type,
      payload,
    };
    return send(command as Command);
  };
}

/** What an operator takes back, only an operator takes back. */
function isOperators(payload: object): boolean {
  return "source" in payload && payload.source === "operator";
}
