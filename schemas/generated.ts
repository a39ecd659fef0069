/* Printed from schemas/ by `npm run print`; change it there. */

/**
 * a time in UTC with milliseconds, as 2026-01-31T09:30:00.000Z
 */
export type Time = string;
/**
 * a partner's slug: 2 to 32 small letters, digits or dashes
 */
export type Partner = string;
/**
 * test and live are separate worlds
 */
export type Environment = "test" | "live";
/**
 * 1 to 255 printable ASCII characters without a space at either end
 */
export type ReferenceId = string;
/**
 * the id of a link, as we gave it: link_<partner>_<12 characters>
 */
export type LinkId = string;
/**
 * the id of a user, as we gave it: user_<partner>_<12 characters>
 */
export type UserId = string;
/**
 * the id of a CIP attempt, as we gave it: cip_<partner>_<12 characters>
 */
export type AttemptId = string;
/**
 * A field of a user
 */
export type Path =
  | "name.firstName"
  | "name.secondName"
  | "name.lastName"
  | "name.secondLastName"
  | "idNumber"
  | "idType"
  | "dob"
  | "paymentMethod"
  | "idImage";
/**
 * One tagged value, replaced as a whole (A2)
 */
export type PaymentMethod = BankAccountMethod | CashMethod | CardMethod;
/**
 * How a CIP attempt ended
 */
export type CipOutcome = "verified" | "failed" | "needs_data" | "abandoned";
/**
 * The result of an identity check, from the CIP system: named by attemptId, or by the user. Further fields are welcome and ignored; patternProperties says so, because the registry refuses to name a new field where additionalProperties is true.
 */
export type CipResultMessage = CipResultMessage1 & CipResultMessage2;
export type CipResultMessage1 = {
  [k: string]: unknown;
};
/**
 * the id of an operation, as we gave it: op_<partner>_<12 characters>
 */
export type OperationId = string;
/**
 * an exact decimal number as text, as 60.50
 */
export type DecimalText = string;
/**
 * an ISO 4217 currency code, as USD
 */
export type CurrencyCode = string;
/**
 * an exact decimal number, as text or as a number
 */
export type Decimal = DecimalText | number;
/**
 * the id of a command, as we gave it: cmd_<partner>_<12 characters>
 */
export type CommandId = string;
/**
 * The language of the widget
 */
export type Language = "en" | "es";
/**
 * A field of which can be said that the person has none
 */
export type NotApplicablePath = "name.secondName" | "name.secondLastName";
/**
 * the id of a data request, as we gave it: dr_<partner>_<12 characters>
 */
export type DataRequestId = string;
/**
 * the id of a held result, as we gave it: held_<partner>_<12 characters>
 */
export type HeldResultId = string;
/**
 * Everything that may change a user: the only way in. Values of fields stand in `values` alone.
 */
export type UserCommand =
  | CreateLink
  | RevokeLink
  | ExpireLink
  | AnswerDataRequest
  | OpenLink
  | ProvideData
  | SubmitCip
  | ConfirmOperation
  | ApplyCipResult
  | ApplyOperationUpdate
  | ParkHeldResult;
/**
 * the id of an event, as we gave it: evt_<partner>_<12 characters>
 */
export type EventId = string;
/**
 * Where a value came from, strongest first
 */
export type Source = "partner_api" | "partner_webhook" | "widget";
/**
 * The state of a user
 */
export type UserState = "pending" | "data_incomplete" | "data_complete" | "cip_pending" | "cip_verified" | "cip_failed";
/**
 * What became of a result
 */
export type Effect = "applied" | "recorded" | "held_for_review";
/**
 * The status of a transfer
 */
export type OperationStatus = "created" | "processing" | "completed" | "failed" | "cancelled";
/**
 * What happened to a user: gapless by sequence, at least once, in order. Holds field paths, never a field's value (H3).
 */
export type UserEventMessage =
  | UserCreated
  | UserDataUpdated
  | UserStateChanged
  | CipPending
  | CipVerified
  | CipFailed
  | CipResultRecorded
  | LinkCreated
  | LinkOpened
  | LinkProgressed
  | LinkEnded
  | DataRequestRaised
  | DataRequestClosed
  | OperationMoved
  | OperationUpdateRecorded;
/**
 * The status of a link
 */
export type LinkStatus = "created" | "opened" | "in_progress" | "completed" | "expired" | "revoked";
/**
 * The status of a data request
 */
export type DataRequestStatus = "open" | "partially_answered" | "fulfilled" | "superseded" | "expired" | "cancelled";

/**
 * Paid out to a bank account
 */
export interface BankAccountMethod {
  type: "bank_account";
  bankAccount: {
    /**
     * an ISO 3166 alpha-2 country code, as MX
     */
    country: string;
    /**
     * 4 to 34 letters and digits without spaces
     */
    accountNumber: string;
  };
}
/**
 * Paid out in cash
 */
export interface CashMethod {
  type: "cash";
  cash: {
    provider: string;
    reference?: string;
  };
}
/**
 * Paid out to a card, known by a token, never by its number
 */
export interface CardMethod {
  type: "card";
  card: {
    token: string;
    /**
     * the last four digits of the card
     */
    last4?: string;
    brand?: string;
  };
}
/**
 * What identifies an image that is stored apart
 */
export interface ImageReference {
  imageId: string;
  /**
   * a SHA-256 digest in small hexadecimal digits
   */
  sha256: string;
  sizeInBytes: number;
}
/**
 * What a person told us, by path; apart from everything else, so that it can be sealed
 */
export interface Values {
  "name.firstName"?: string;
  "name.secondName"?: string;
  "name.lastName"?: string;
  "name.secondLastName"?: string;
  idNumber?: string;
  idType?: string;
  dob?: string;
  paymentMethod?: PaymentMethod;
  idImage?: ImageReference;
}
/**
 * Please verify this attempt. attemptId is the idempotency key: a request may arrive twice.
 */
export interface CipRequest {
  attemptId: AttemptId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  linkId: LinkId;
  number: number;
  policy: string;
  fields: Values;
  notApplicable: Path[];
  requestedAt: Time;
}
/**
 * Why the attempt did not verify the user
 */
export interface ReportedReason {
  code: string;
  field?: string;
  retryable: boolean;
  [k: string]: unknown;
}
export interface CipResultMessage2 {
  attemptId?: string;
  partner?: Partner;
  environment?: Environment;
  referenceId?: ReferenceId;
  provider: string;
  providerEventId: string;
  outcome: CipOutcome;
  revision?: number | null;
  reasons?: ReportedReason[];
  final?: boolean;
  missingFields?: Path[];
  verifiedOutputs?: {};
  /**
   * a time in ISO 8601 with a time zone, as 2026-01-31T09:30:00Z
   */
  occurredAt: string;
  [k: string]: unknown;
}
/**
 * What is paid in and what is paid out
 */
export interface Currencies {
  source: CurrencyCode;
  destination: CurrencyCode;
}
/**
 * Money inside the system: exact decimals as text, never a float (J3)
 */
export interface Amount {
  send: DecimalText;
  receive: DecimalText;
  rate: DecimalText;
  fee: DecimalText;
  currency: Currencies;
}
/**
 * Please execute or cancel this transfer. operationId and action together are the idempotency key: a request may arrive twice.
 */
export interface OperationRequest {
  operationId: OperationId;
  action: "execute" | "cancel";
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  linkId: LinkId;
  amount: Amount;
  paymentMethod: PaymentMethod;
  requestedAt: Time;
}
/**
 * What the payment system corrected
 */
export interface ReportedAmount {
  send?: Decimal;
  receive?: Decimal;
  rate?: Decimal;
  fee?: Decimal;
  [k: string]: unknown;
}
/**
 * The progress of a transfer, from the payment system. Further fields are welcome and ignored; patternProperties says so, because the registry refuses to name a new field where additionalProperties is true.
 */
export interface OperationUpdateMessage {
  operationId: string;
  provider: string;
  providerEventId: string;
  status: "processing" | "completed" | "failed" | "cancelled";
  amount?: ReportedAmount;
  failureReason?: string | null;
  /**
   * a time in ISO 8601 with a time zone, as 2026-01-31T09:30:00Z
   */
  occurredAt: string;
  [k: string]: unknown;
}
/**
 * What could not be handled, whole, with the reason, for a person to look at.
 */
export interface ParkedMessage {
  reason: string;
  detail: string;
  consumer: string;
  original: {
    topic: string;
    partition: number;
    /**
     * an offset as text
     */
    offset: string;
    key: string | null;
  };
  /**
   * The raw bytes; null when there were none
   */
  rawBase64: string | null;
  parkedAt: Time;
}
/**
 * A partner asks for a link, with what it knows of the user
 */
export interface CreateLink {
  type: "CreateLink";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    /**
     * 1 to 64 letters, digits, dashes or underscores
     */
    flow: string;
    theme: string | null;
    language: Language | null;
    callbackUrl: string | null;
    redirectUrl: string | null;
    expiredRedirectUrl: string | null;
    metadata: {} | null;
    expiresInMinutes: number | null;
    onActive: "error" | "return" | "replace";
    userData: UserDataInput;
  };
}
/**
 * Who asks: the id of a key or a provider, never a person's name
 */
export interface Actor {
  kind: "partner" | "user" | "cip" | "payments" | "timer";
  id: string | null;
}
/**
 * What a body's userData says: the paths that have a value, those the person has none of, and those left empty (A4)
 */
export interface UserDataInput {
  paths: Path[];
  notApplicable: NotApplicablePath[];
  empty: Path[];
}
/**
 * A partner takes a link back
 */
export interface RevokeLink {
  type: "RevokeLink";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    linkId: LinkId;
    reason: string | null;
  };
}
/**
 * A link's time has come; the writer judges again (G7)
 */
export interface ExpireLink {
  type: "ExpireLink";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    linkId: LinkId;
  };
}
/**
 * A partner answers a data request
 */
export interface AnswerDataRequest {
  type: "AnswerDataRequest";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    dataRequestId: DataRequestId;
    statedReferenceId: string | null;
    userData: UserDataInput;
  };
}
/**
 * The user opened the link
 */
export interface OpenLink {
  type: "OpenLink";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    linkId: LinkId;
    device: DeviceFacts;
  };
}
/**
 * What the page says of the device
 */
export interface DeviceFacts {
  userAgent: string | null;
  platform: string | null;
  language: string | null;
}
/**
 * The user filled fields in the widget
 */
export interface ProvideData {
  type: "ProvideData";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    linkId: LinkId;
    version: number;
    userData: UserDataInput;
  };
}
/**
 * The user submits what is there as evidence
 */
export interface SubmitCip {
  type: "SubmitCip";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    linkId: LinkId;
  };
}
/**
 * The user confirms a transfer: the commit point (C8)
 */
export interface ConfirmOperation {
  type: "ConfirmOperation";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    linkId: LinkId;
    send: DecimalText;
    currency: Currencies;
  };
}
/**
 * A CIP result arrived
 */
export interface ApplyCipResult {
  type: "ApplyCipResult";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    attemptId: string | null;
    result: CipResult;
  };
}
/**
 * What the CIP system says of an attempt
 */
export interface CipResult {
  provider: string;
  providerEventId: string;
  outcome: CipOutcome;
  revision: number | null;
  reasons: CipReason[];
  isFinal: boolean;
  missingFields: Path[];
  /**
   * a time in ISO 8601 with a time zone, as 2026-01-31T09:30:00Z
   */
  occurredAt: string;
}
/**
 * Why an attempt did not verify the user
 */
export interface CipReason {
  code: string;
  field?: string;
  retryable: boolean;
}
/**
 * The payment system reported progress
 */
export interface ApplyOperationUpdate {
  type: "ApplyOperationUpdate";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    operationId: string;
    provider: string;
    providerEventId: string;
    status: "processing" | "completed" | "failed" | "cancelled";
    amount: {
      send?: DecimalText;
      receive?: DecimalText;
      rate?: DecimalText;
      fee?: DecimalText;
    } | null;
    failureReason: string | null;
    /**
     * a time in ISO 8601 with a time zone, as 2026-01-31T09:30:00Z
     */
    occurredAt: string;
  };
}
/**
 * A held result waited too long and goes to the parked topic (B2)
 */
export interface ParkHeldResult {
  type: "ParkHeldResult";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    heldResultId: HeldResultId;
  };
}
export interface UserCreated {
  type: "user.created";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: UserCreatedFacts;
}
/**
 * A referenceId was seen for the first time
 */
export interface UserCreatedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  paths: Path[];
  source: Source;
  state: UserState;
}
export interface UserDataUpdated {
  type: "user.data_updated";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: UserDataUpdatedFacts;
}
/**
 * `paths`: where the winner changed. `shadowedPaths`: stored, but a higher source wins (A8). `late`: answered after the link's end (D1)
 */
export interface UserDataUpdatedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  paths: Path[];
  source: Source;
  state: UserState;
  shadowedPaths: Path[];
  late?: true;
}
export interface UserStateChanged {
  type: "user.state_changed";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: UserStateChangedFacts;
}
/**
 * The user's state moved
 */
export interface UserStateChangedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  from: UserState;
  to: UserState;
  reason: string;
}
export interface CipPending {
  type: "user.cip_pending";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: CipPendingFacts;
}
/**
 * An identity check started. `synthesized`: written when its result proved it (B2)
 */
export interface CipPendingFacts {
  referenceId: ReferenceId;
  userId: UserId;
  attemptId: AttemptId;
  synthesized?: true;
}
export interface CipVerified {
  type: "user.cip_verified";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: CipVerifiedFacts;
}
/**
 * The user's identity is verified
 */
export interface CipVerifiedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  attemptId: AttemptId;
  verifiedAt: Time;
  revised?: true;
}
export interface CipFailed {
  type: "user.cip_failed";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: CipFailedFacts;
}
/**
 * An identity check failed
 */
export interface CipFailedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  attemptId: AttemptId;
  failure: CipFailure;
  revised?: true;
}
/**
 * Why an identity check failed
 */
export interface CipFailure {
  code: string;
  retryable: boolean;
}
export interface CipResultRecorded {
  type: "user.cip_result_recorded";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: CipResultRecordedFacts;
}
/**
 * A CIP result that neither verifies nor fails the user; never a webhook
 */
export interface CipResultRecordedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  attemptId: AttemptId;
  outcome: CipOutcome;
  effect: Effect;
}
export interface LinkCreated {
  type: "link.created";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: LinkCreatedFacts;
}
/**
 * A link was made; its url comes without the token
 */
export interface LinkCreatedFacts {
  linkId: LinkId;
  referenceId: ReferenceId;
  url: string;
  status: "created";
  expiresAt: Time;
  createdAt: Time;
  metadata?: {};
}
export interface LinkOpened {
  type: "link.opened";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: LinkOpenedFacts;
}
/**
 * The user opened a link
 */
export interface LinkOpenedFacts {
  linkId: LinkId;
  referenceId: ReferenceId;
  openedAt: Time;
  deviceInfo: DeviceFacts;
}
export interface LinkProgressed {
  type: "link.in_progress";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: LinkProgressedFacts;
}
/**
 * The user took the first step
 */
export interface LinkProgressedFacts {
  linkId: LinkId;
  referenceId: ReferenceId;
  status: "in_progress";
  at: Time;
  reason?: string;
}
export interface LinkEnded {
  type: "link.completed" | "link.expired" | "link.revoked";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: LinkEndedFacts;
}
/**
 * A link ended. `expiredAt` is the link's expiresAt, also when the expiry is written later (C5)
 */
export interface LinkEndedFacts {
  linkId: LinkId;
  referenceId: ReferenceId;
  status: "completed" | "expired" | "revoked";
  at: Time;
  reason?: string;
  expiredAt?: Time;
}
export interface DataRequestRaised {
  type: "user.data_request";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: DataRequestRaisedFacts;
}
/**
 * The partner is asked for fields
 */
export interface DataRequestRaisedFacts {
  dataRequestId: DataRequestId;
  referenceId: ReferenceId;
  linkId: LinkId;
  /**
   * @minItems 1
   */
  requiredFields: [Path, ...Path[]];
  replyEndpoint: string;
  expiresAt: Time;
}
export interface DataRequestClosed {
  type: "user.data_request.closed";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: DataRequestClosedFacts;
}
/**
 * A data request ended
 */
export interface DataRequestClosedFacts {
  dataRequestId: DataRequestId;
  referenceId: ReferenceId;
  linkId: LinkId;
  status: "fulfilled" | "superseded" | "expired" | "cancelled";
}
export interface OperationMoved {
  type:
    "operation.created" | "operation.processing" | "operation.completed" | "operation.failed" | "operation.cancelled";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: OperationFacts;
}
/**
 * A transfer as partners may know it: without the account that receives the money
 */
export interface OperationFacts {
  operationId: OperationId;
  userId: UserId;
  linkId: LinkId;
  referenceId: ReferenceId;
  status: OperationStatus;
  amount: Amount;
  funding: {};
  payout: Payout;
  createdAt: Time;
  completedAt: Time | null;
  failedAt: Time | null;
  failureReason: string | null;
}
/**
 * How the money arrives
 */
export interface Payout {
  type: "bank_account" | "cash" | "card";
}
export interface OperationUpdateRecorded {
  type: "operation.update_recorded";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: OperationUpdateRecordedFacts;
}
/**
 * A payment update that changed nothing (J4); never a webhook
 */
export interface OperationUpdateRecordedFacts {
  operationId: OperationId;
  referenceId: ReferenceId;
  status: "processing" | "completed" | "failed" | "cancelled";
  effect: Effect;
}
/**
 * A part of the input that was not applied, and why
 */
export interface IgnoredField {
  path: Path;
  reason: "empty_value" | "lower_precedence" | "not_requested";
  winningSource?: Source;
}
