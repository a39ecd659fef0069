/* Printed from schemas/ by `npm run print`; change it there. */

/**
 * null, empty or blank: not provided
 */
export type NotProvided = string | null;
/**
 * How the person is paid out
 */
export type GivenPaymentMethod = GivenBankAccount | GivenCash | GivenCard;
/**
 * A field of which can be said that the person has none
 */
export type NotApplicablePath = "name.secondName" | "name.secondLastName";
/**
 * test and live are separate worlds
 */
export type Environment = "test" | "live";
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
 * an ISO 4217 currency code, as USD
 */
export type CurrencyCode = string;
/**
 * the id of a command, as we gave it: cmd_<partner>_<12 characters>
 */
export type CommandId = string;
/**
 * a partner's slug: 2 to 32 small letters, digits or dashes
 */
export type Partner = string;
/**
 * a time in UTC with milliseconds, as 2026-01-31T09:30:00.000Z
 */
export type Time = string;
/**
 * the id of a user, as we gave it: user_<partner>_<12 characters>
 */
export type UserId = string;
/**
 * 1 to 255 printable ASCII characters without a space at either end
 */
export type ReferenceId = string;
/**
 * The state of a user
 */
export type UserState = "pending" | "data_incomplete" | "data_complete" | "cip_pending" | "cip_verified" | "cip_failed";
/**
 * the id of a CIP attempt, as we gave it: cip_<partner>_<12 characters>
 */
export type AttemptId = string;
/**
 * the id of an operation, as we gave it: op_<partner>_<12 characters>
 */
export type OperationId = string;
/**
 * the id of a link, as we gave it: link_<partner>_<12 characters>
 */
export type LinkId = string;
/**
 * The status of a link
 */
export type LinkStatus = "created" | "opened" | "in_progress" | "completed" | "expired" | "revoked";
/**
 * the id of a data request, as we gave it: dr_<partner>_<12 characters>
 */
export type DataRequestId = string;
/**
 * The status of a data request
 */
export type DataRequestStatus = "open" | "partially_answered" | "fulfilled" | "superseded" | "expired" | "cancelled";
/**
 * Where a value came from, strongest first
 */
export type Source = "operator" | "partner_api" | "partner_webhook" | "widget";
/**
 * the id of an event, as we gave it: evt_<partner>_<12 characters>
 */
export type EventId = string;
/**
 * An event that partners hear of
 */
export type WebhookEventType =
  | "link.created"
  | "link.opened"
  | "link.in_progress"
  | "link.completed"
  | "link.expired"
  | "link.revoked"
  | "user.data_request"
  | "user.data_request.closed"
  | "user.created"
  | "user.data_updated"
  | "user.state_changed"
  | "user.cip_pending"
  | "user.cip_verified"
  | "user.cip_failed"
  | "operation.created"
  | "operation.processing"
  | "operation.completed"
  | "operation.failed"
  | "operation.cancelled";
/**
 * How far the winners have moved away from what was verified
 */
export type VerificationChange = "cosmetic" | "additive" | "material" | "substitution";
/**
 * A step of the widget
 */
export type Step = "open" | "data" | "cip" | "payment_method" | "confirm" | "done";
/**
 * The language of the widget
 */
export type Language = "en" | "es";
/**
 * The status of a transfer
 */
export type OperationStatus = "created" | "processing" | "completed" | "failed" | "cancelled";
/**
 * An event that partners hear of, or the test of an endpoint
 */
export type DeliveredEventType =
  | "link.created"
  | "link.opened"
  | "link.in_progress"
  | "link.completed"
  | "link.expired"
  | "link.revoked"
  | "user.data_request"
  | "user.data_request.closed"
  | "user.created"
  | "user.data_updated"
  | "user.state_changed"
  | "user.cip_pending"
  | "user.cip_verified"
  | "user.cip_failed"
  | "operation.created"
  | "operation.processing"
  | "operation.completed"
  | "operation.failed"
  | "operation.cancelled"
  | "webhook.test";
/**
 * The status of a delivery
 */
export type DeliveryStatus = "pending" | "delivering" | "parked" | "delivered" | "failed";
/**
 * Why a delivery was made
 */
export type DeliveryCause = "event" | "resend" | "replay" | "recovery" | "test";
/**
 * paused: what it would receive gathers and waits; disabled: nothing is made for it
 */
export type EndpointStatus = "enabled" | "paused" | "disabled";
/**
 * an https URL of at most 2048 characters
 */
export type WebhookUrl = string;
/**
 * Every event when left out
 *
 * @minItems 1
 */
export type WebhookEvents = [WebhookEventType, ...WebhookEventType[]];
/**
 * Delays between attempts in milliseconds; the attempts end with the last one
 *
 * @maxItems 20
 */
export type WebhookSchedule =
  | []
  | [number]
  | [number, number]
  | [number, number, number]
  | [number, number, number, number]
  | [number, number, number, number, number]
  | [number, number, number, number, number, number]
  | [number, number, number, number, number, number, number]
  | [number, number, number, number, number, number, number, number]
  | [number, number, number, number, number, number, number, number, number]
  | [number, number, number, number, number, number, number, number, number, number]
  | [number, number, number, number, number, number, number, number, number, number, number]
  | [number, number, number, number, number, number, number, number, number, number, number, number]
  | [number, number, number, number, number, number, number, number, number, number, number, number, number]
  | [number, number, number, number, number, number, number, number, number, number, number, number, number, number]
  | [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number
    ]
  | [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number
    ]
  | [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number
    ]
  | [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number
    ]
  | [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number
    ]
  | [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number
    ];
/**
 * Attempts per second
 */
export type WebhookRateLimit = number;
/**
 * For how long the secrets before the new one sign too; 24 when left out, 0 not at all
 */
export type OverlapHours = number;
/**
 * What a partner or the widget says of a person. null and blank text mean: not provided (A4). Unknown fields become warnings.
 */
export type UserDataBody = UserData;
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
 * an exact decimal number as text, as 60.50
 */
export type DecimalText = string;
/**
 * an exact decimal number, as text or as a number
 */
export type Decimal = DecimalText | number;
/**
 * What an operator decides about a user that waits for a person
 */
export type ReviewDecision = "approve" | "reject_final" | "allow_retry" | "reopen";
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
  | IssueCipTicket
  | ReviewUser
  | MarkReverificationDue
  | ApplyPolicy
  | ApplyCipResult
  | ApplyOperationUpdate
  | ParkHeldResult
  | RegenerateLink
  | UpdateUser
  | RemoveField
  | CorrectUser
  | CancelOperation
  | ResolveOperation;
/**
 * What became of a result
 */
export type Effect = "applied" | "recorded" | "held_for_review";
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
  | VerificationChanged
  | UserReviewed
  | UserFlagged
  | PolicyApplied
  | LinkCreated
  | LinkOpened
  | LinkProgressed
  | LinkEnded
  | DataRequestRaised
  | DataRequestClosed
  | OperationMoved
  | OperationUpdateRecorded
  | OperationCancelRequested;

/**
 * POST /admin/partners/{partner}/policy/apply
 */
export interface ApplyPolicyBody {}
/**
 * POST /admin/users/{userId}/fields
 */
export interface CorrectUserBody {
  userData: UserData;
  /**
   * a reason, not blank
   */
  reason: string;
}
/**
 * The fields of a person
 */
export interface UserData {
  name?: {
    /**
     * 1 to 100 characters
     */
    firstName?: string | null;
    /**
     * 1 to 100 characters
     */
    secondName?: string | null;
    /**
     * 1 to 100 characters
     */
    lastName?: string | null;
    /**
     * 1 to 100 characters
     */
    secondLastName?: string | null;
  } | null;
  /**
   * 1 to 64 characters; check digits are not checked
   */
  idNumber?: string | null;
  /**
   * 1 to 32 characters, as CURP
   */
  idType?: string | null;
  /**
   * The date of birth, not in the future and not before 1900
   */
  dob?: NotProvided | string;
  /**
   * Replaced as a whole (A2)
   */
  paymentMethod?: NotProvided | GivenPaymentMethod;
  /**
   * A data URI or base64, at most 6 MiB decoded
   */
  idImage?: string | null;
  /**
   * What the person has none of
   */
  notApplicable?: NotApplicablePath[] | null;
}
/**
 * A bank account
 */
export interface GivenBankAccount {
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
 * Cash at a provider
 */
export interface GivenCash {
  type: "cash";
  cash: {
    provider: string;
    reference?: string | null;
  };
}
/**
 * A card, by a token and never by its number
 */
export interface GivenCard {
  type: "card";
  card: {
    token: string;
    /**
     * the last four digits of the card
     */
    last4?: string | null;
    brand?: string | null;
  };
}
/**
 * POST /admin/keys
 */
export interface CreateKeyBody {
  /**
   * a partner's slug: 2 to 32 small letters, digits or dashes
   */
  partner: string;
  environment: Environment;
  /**
   * All but pii:read when left out
   *
   * @minItems 1
   */
  permissions?: [
    "links:write" | "users:write" | "read" | "webhooks:write" | "pii:read",
    ...("links:write" | "users:write" | "read" | "webhooks:write" | "pii:read")[]
  ];
}
/**
 * POST /admin/partners
 */
export interface CreatePartnerBody {
  /**
   * a partner's slug: 2 to 32 small letters, digits or dashes
   */
  slug: string;
  name: string;
  settings?: PartnerSettingsBody;
}
/**
 * PATCH /admin/partners/{partner}/settings
 */
export interface PartnerSettingsBody {
  defaultExpiresInMinutes?: number;
  dataRequestTrigger?: "on_create" | "on_open";
  requiredFieldsPolicy?: ("basic" | "full") | GivenPolicy;
  acceptLateAnswers?: boolean;
  maxCipAttempts?: number;
  reverifyGraceDays?: number;
  cipValidForDays?: number | null;
  cipOverdueMinutes?: number;
  operationOverdueMinutes?: number;
  /**
   * @minItems 1
   */
  allowedPaymentMethods?: ["bank_account" | "cash" | "card", ...("bank_account" | "cash" | "card")[]];
  /**
   * @maxItems 500
   */
  corridors?: GivenCorridor[];
  linksPerMinute?: number | null;
  requestsPerMinute?: number | null;
  /**
   * Free facts for the widget
   */
  branding?: {
    [k: string]: unknown;
  };
}
/**
 * A versioned set of fields that the identity check needs
 */
export interface GivenPolicy {
  /**
   * 1 to 64 letters, digits, dashes or underscores
   */
  name: string;
  version: number;
  /**
   * @minItems 1
   */
  fields: [Path, ...Path[]];
}
/**
 * One way of sending money; rate and fee are exact
 */
export interface GivenCorridor {
  source: CurrencyCode;
  destination: CurrencyCode;
  /**
   * a decimal number above 0 as text, as 60.50
   */
  rate: string;
  /**
   * a decimal number as text, as 2.99
   */
  fee: string;
  /**
   * a decimal number with at most 2 decimals as text, as 60.50
   */
  minimumSend: string;
  /**
   * a decimal number with at most 2 decimals as text, as 60.50
   */
  maximumSend: string;
}
/**
 * POST /admin/reviews/{userId}/decision
 */
export interface DecideReviewBody {
  decision: "approve" | "reject_final" | "allow_retry" | "reopen";
  /**
   * a reason, not blank
   */
  reason: string;
  /**
   * For approve: the fields whose value may differ from what was checked
   */
  acceptDifferences?: Path[];
}
/**
 * POST /admin/parked/{parkedId}/drop
 */
export interface DropParkedBody {
  /**
   * a reason, not blank
   */
  reason: string;
}
/**
 * POST /admin/partners/{partner}/policy/preview
 */
export interface PreviewPolicyBody {
  /**
   * The partner's own when left out
   */
  requiredFieldsPolicy?: ("basic" | "full") | GivenPolicy;
}
/**
 * POST /admin/parked/{parkedId}/replay
 */
export interface ReplayParkedBody {}
/**
 * POST /admin/operations/{operationId}/resolve
 */
export interface ResolveOperationBody {
  status: "completed" | "failed" | "cancelled";
  /**
   * a reason, not blank
   */
  reason: string;
}
/**
 * POST /admin/keys/{keyId}/revoke
 */
export interface RevokeKeyBody {}
/**
 * POST /admin/partners/{partner}/suspend and resume
 */
export interface SuspendPartnerBody {}
/**
 * PUT /partner/data-requests/{dataRequestId}
 */
export interface AnswerDataRequestBody {
  referenceId?: string;
  userData: UserData;
}
/**
 * 202: in Kafka, not decided in time; Location names the command
 */
export interface AcceptedAnswer {
  success: true;
  data: {
    commandId: CommandId;
    status: "accepted";
  };
}
/**
 * 201 of POST /admin/keys
 */
export interface KeyCreatedAnswer {
  success: true;
  data: {
    keyId: string;
    /**
     * Shown only here
     */
    key: string;
    prefix: string;
    partner: Partner;
    environment: Environment;
    permissions: string[];
    createdAt: Time;
    warnings: Warning[];
  };
}
/**
 * Something in an accepted request that was not used, or that will hurt later
 */
export interface Warning {
  code: string;
  path: string;
  message: string;
}
/**
 * A key without its text
 */
export interface KeyItem {
  keyId: string;
  partner: Partner;
  environment: Environment;
  /**
   * What people recognise it by
   */
  prefix: string;
  permissions: string[];
  createdAt: Time;
  lastUsedAt: Time | null;
  revokedAt: Time | null;
  warnings?: Warning[];
}
/**
 * 200 of POST /admin/keys/{keyId}/revoke
 */
export interface KeyAnswer {
  success: true;
  data: KeyItem;
}
/**
 * 200 of GET /admin/keys
 */
export interface KeysAnswer {
  success: true;
  data: {
    items: KeyItem[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * 200 of GET /admin/parked/{parkedId}
 */
export interface ParkedMessageAnswer {
  success: true;
  data: {
    parkedId: string;
    reason: string;
    detail: string;
    consumer: string;
    parkedAt: Time;
    status: "parked" | "replayed" | "dropped";
    settledAt: Time | null;
    settledReason: string | null;
    replayCommandId: string | null;
    original: {
      topic: string;
      partition: number;
      offset: string;
      key: string | null;
    };
    hasBytes: boolean;
    rawBase64: string | null;
  };
}
/**
 * What could not be handled, without its bytes
 */
export interface ParkedItem {
  parkedId: string;
  reason: string;
  detail: string;
  consumer: string;
  parkedAt: Time;
  status: "parked" | "replayed" | "dropped";
  settledAt: Time | null;
  settledReason: string | null;
  replayCommandId: string | null;
  original: {
    topic: string;
    partition: number;
    offset: string;
    key: string | null;
  };
  hasBytes: boolean;
}
/**
 * 200 of GET /admin/parked
 */
export interface ParkedMessagesAnswer {
  success: true;
  data: {
    items: ParkedItem[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * 200 of POST /admin/parked/{parkedId}/replay and drop
 */
export interface ParkedSettledAnswer {
  success: true;
  data: {
    parkedId: string;
    status: "replayed" | "dropped";
    settledAt: Time;
    /**
     * Of a replayed command
     */
    commandId?: string | null;
    warnings?: Warning[];
  };
}
/**
 * A partner as operators see it
 */
export interface PartnerItem {
  slug: Partner;
  name: string;
  status: "active" | "suspended";
  settings: {
    [k: string]: unknown;
  };
  createdAt: Time;
  updatedAt: Time;
  warnings?: Warning[];
}
/**
 * 200 or 201 of what operators do to a partner
 */
export interface PartnerAnswer {
  success: true;
  data: PartnerItem;
}
/**
 * 200 of GET /admin/partners
 */
export interface PartnersAnswer {
  success: true;
  data: {
    items: PartnerItem[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * 200 of POST /admin/partners/{partner}/policy/apply
 */
export interface PolicyAppliedAnswer {
  success: true;
  data: {
    /**
     * Users that change
     */
    published: number;
    warnings?: Warning[];
  };
}
/**
 * 200 of POST /admin/partners/{partner}/policy/preview
 */
export interface PolicyPreviewAnswer {
  success: true;
  data: {
    policy: string;
    users: number;
    becomeIncomplete: number;
    becomeComplete: number;
    verifiedAskedLater: number;
    warnings?: Warning[];
  };
}
/**
 * A user that waits for a person; values masked unless revealed
 */
export interface ReviewItem {
  userId: UserId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  state: UserState;
  userVersion: number;
  updatedAt: Time;
  reasons: string[];
  cip: {
    attempts: number;
    failure: CipFailure | null;
    isFinal: boolean;
    verifiedAt: Time | null;
  };
  flags: {
    flag: string;
    at: Time;
    paths: Path[];
  }[];
  verifiedOutputDifferences: {
    path: Path;
    similarity: string;
  }[];
  reviewAttemptId: AttemptId | null;
  heldOperationIds: OperationId[];
  duplicateSuspected: boolean;
  /**
   * By path, what was verified last: it counts until a change is settled; masked unless revealed
   */
  verifiedValues: {
    [k: string]: unknown;
  };
}
/**
 * Why an identity check failed
 */
export interface CipFailure {
  code: string;
  retryable: boolean;
}
/**
 * 200 of GET /admin/reviews
 */
export interface ReviewsAnswer {
  success: true;
  data: {
    items: ReviewItem[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * 200 of POST /admin/reviews/{userId}/decision
 */
export interface UserReviewedAnswer {
  success: true;
  data: {
    userId: UserId;
    userState: UserState;
    userVersion: number;
    warnings?: Warning[];
  };
}
/**
 * 200 of GET /partner/links/{linkId}/cip-readiness
 */
export interface CipReadinessAnswer {
  success: true;
  data: {
    linkId: LinkId;
    ready: boolean;
    missingFields: Path[];
    userState: UserState;
  };
}
/**
 * 201 of POST /partner/links/{linkId}/cip-tickets
 */
export interface CipTicketAnswer {
  success: true;
  data: {
    ticketId: AttemptId;
    linkId: LinkId;
    /**
     * The link's page, with its secret in the fragment
     */
    url: string;
    expiresAt: Time;
    warnings?: Warning[];
  };
}
/**
 * 200 of GET /partner/commands/{commandId}
 */
export interface CommandAnswer {
  success: true;
  data: {
    commandId: CommandId;
    status: "accepted" | "applied" | "refused" | "failed";
    answer?: {
      [k: string]: unknown;
    };
    error?: ErrorFacts;
  };
}
/**
 * The error that a command led to
 */
export interface ErrorFacts {
  /**
   * What is wrong, for programs
   */
  code: string;
  /**
   * What is wrong, for people
   */
  message: string;
  details?: ProblemOfInput[];
  existingLinkId?: LinkId;
  existingLink?: {
    status: LinkStatus;
    expiresAt: Time;
  };
  status?: string;
  missingFields?: Path[];
  operationId?: OperationId;
}
/**
 * One problem of the input, with the path it concerns
 */
export interface ProblemOfInput {
  path: string;
  code: string;
  message: string;
}
/**
 * 200 of PUT /partner/data-requests/{dataRequestId}
 */
export interface DataRequestAnsweredAnswer {
  success: true;
  data: {
    dataRequestId: DataRequestId;
    linkId: LinkId;
    status: DataRequestStatus;
    message: string;
    fulfilledAt: Time | null;
    remainingFields: Path[];
    ignoredFields: IgnoredField[];
    userVersion: number;
    warnings: Warning[];
  };
}
/**
 * A part of the input that was not applied, and why
 */
export interface IgnoredField {
  path: Path;
  reason: "empty_value" | "lower_precedence" | "not_requested";
  winningSource?: Source;
}
/**
 * What a partner was asked for
 */
export interface DataRequestItem {
  dataRequestId: DataRequestId;
  referenceId: ReferenceId;
  linkId: LinkId;
  status: DataRequestStatus;
  requiredFields: Path[];
  remainingFields: Path[];
  createdAt: Time;
  expiresAt: Time;
  fulfilledAt: Time | null;
  closedAt: Time | null;
}
/**
 * 200 of GET /partner/data-requests/{dataRequestId}
 */
export interface DataRequestAnswer {
  success: true;
  data: DataRequestItem;
}
/**
 * 200 of GET /partner/data-requests
 */
export interface DataRequestsAnswer {
  success: true;
  data: {
    items: DataRequestItem[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * 201 of POST /partner/events/{eventId}/resend
 */
export interface EventResentAnswer {
  success: true;
  data: {
    eventId: EventId;
    /**
     * What the new deliveries have in common
     */
    replayId: string;
    /**
     * @minItems 1
     *
     * Items: One delivery that was made
     */
    deliveries: [
      {
        deliveryId: string;
        endpointId: string | null;
        url: string;
      },
      ...{
        deliveryId: string;
        endpointId: string | null;
        url: string;
      }[]
    ];
    warnings?: Warning[];
  };
}
/**
 * An event as its webhook tells it
 */
export interface ShownEvent {
  id: EventId;
  event: WebhookEventType;
  timestamp: Time;
  sequence: number;
  userVersion: number;
  /**
   * As in the webhook of this event
   */
  data: {
    [k: string]: unknown;
  };
}
/**
 * 200 of GET /partner/events/{eventId}
 */
export interface EventAnswer {
  success: true;
  data: ShownEvent;
}
/**
 * 200 of GET /partner/events
 */
export interface EventsAnswer {
  success: true;
  data: {
    items: ShownEvent[];
    /**
     * Asks for the page behind this one; null on the last
     */
    nextCursor: string | null;
  };
}
/**
 * Why the user is in its state
 */
export interface WhyState {
  state: UserState;
  since: Time;
  /**
   * The event that put it there
   */
  sequence: number;
  /**
   * The id of the command behind that event
   */
  cause: string;
  sentence: string;
  /**
   * What else there is to know of the identity check
   */
  facts: string[];
}
/**
 * Why a field's winner won
 */
export interface WhyField {
  path: Path;
  source: Source;
  at: Time;
  sequence: number;
  /**
   * 1 is the strongest source
   */
  rank: number;
  sentence: string;
  losers: WhyLost[];
  /**
   * Only when revealed; null: the person has none
   */
  value?: {
    [k: string]: unknown;
  };
}
/**
 * A word that does not count, and why
 */
export interface WhyLost {
  source: Source;
  at: Time;
  sequence: number;
  /**
   * outranked: a stronger source has spoken; replaced: the same source said something newer, or took it back
   */
  reason: "outranked" | "replaced";
  /**
   * How far an outranked name, dob or idNumber is from the winner; null when it says the same
   */
  similarity: "cosmetic" | "similar" | "different" | null;
  sentence: string;
  /**
   * Only when revealed; null: the person has none
   */
  value?: {
    [k: string]: unknown;
  };
}
/**
 * Something that a person may want to look at
 */
export interface WhyConflict {
  kind: "mixed_pair" | "contradiction";
  paths: Path[];
  sentence: string;
}
/**
 * What POST /partner/links with this referenceId alone would answer
 */
export interface WhyCreate {
  status: "created" | "refused";
  /**
   * The error code of a refusal
   */
  code: string | null;
  /**
   * What the new link's page would show
   */
  steps: ("open" | "data" | "cip" | "payment_method" | "confirm" | "done")[];
  sentence: string;
}
/**
 * What became of the newest link's data request, or why there is none
 */
export interface WhyDataRequest {
  dataRequestId: DataRequestId | null;
  sentence: string;
}
/**
 * A transfer and what it waits for
 */
export interface WhyOperation {
  operationId: OperationId;
  isOverdue: boolean;
  sentence: string;
}
/**
 * A field that the identity check misses, and who can give it
 */
export interface WhyMissing {
  path: Path;
  who: ("partner" | "user")[];
  sentence: string;
}
/**
 * Who has to do what
 */
export interface WhoActs {
  who: "partner" | "user" | "cip" | "payments" | "operator";
  sentence: string;
}
/**
 * What counts for compliance until a change is settled
 */
export interface WhyVerified {
  verifiedAt: Time;
  attemptId: AttemptId;
  change: VerificationChange;
  /**
   * Items: A field as it was verified
   */
  fields: {
    path: Path;
    /**
     * Whether the winner says something else now
     */
    isChanged: boolean;
    /**
     * Only when values are revealed; null: the person has none
     */
    value?: {
      [k: string]: unknown;
    };
  }[];
  sentence: string;
}
/**
 * 200 of GET /partner/users/{referenceId}/explain
 */
export interface ExplanationAnswer {
  success: true;
  data: {
    userId: UserId;
    referenceId: ReferenceId;
    userVersion: number;
    /**
     * The last event that was looked at
     */
    sequence: number;
    /**
     * The moment that is explained: now, or the time of that event
     */
    at: Time;
    state: WhyState;
    fields: WhyField[];
    /**
     * What was verified, while the winners are no longer that (B5)
     */
    verified: WhyVerified | null;
    conflicts: WhyConflict[];
    createNow: WhyCreate;
    dataRequest: WhyDataRequest;
    operations: WhyOperation[];
    missing: WhyMissing[];
    /**
     * Who has to do what now, in order; empty when nobody has
     */
    next: WhoActs[];
  };
}
/**
 * Something that happened to a link
 */
export interface ActivityItem {
  at: Time;
  type: string;
  actor: EventActor;
  /**
   * As its webhook tells it; no value of a field
   */
  detail: {
    [k: string]: unknown;
  };
}
/**
 * Who caused it: a partner's key, the user of a link, a system or an operator
 */
export interface EventActor {
  kind: "partner" | "user" | "cip" | "payments" | "timer" | "operator";
  id: string | null;
}
/**
 * 200 of GET /partner/links/{linkId}/activity
 */
export interface LinkActivityAnswer {
  success: true;
  data: {
    linkId: LinkId;
    items: ActivityItem[];
  };
}
/**
 * 201 of POST /partner/links; 200 when onActive is return
 */
export interface LinkCreatedAnswer {
  success: true;
  data: {
    linkId: LinkId;
    referenceId: ReferenceId;
    status: LinkStatus;
    /**
     * With the token in its fragment
     */
    url: string;
    /**
     * the link's secret, shaped as a UUID
     */
    token: string;
    expiresAt: Time;
    createdAt: Time;
    userId: UserId;
    userState: UserState;
    userVersion: number;
    missingFields: Path[];
    dataRequestId?: DataRequestId;
    ignoredFields: IgnoredField[];
    warnings: Warning[];
    replaces?: LinkId;
  };
}
/**
 * 200 of POST /partner/links/{linkId}/revoke
 */
export interface LinkRevokedAnswer {
  success: true;
  data: {
    linkId: LinkId;
    status: "revoked";
    revokedAt: Time;
    warnings?: Warning[];
  };
}
/**
 * The winning values; idNumber, accountNumber and dob are masked unless revealed
 */
export interface ShownUserData {
  name?: {
    firstName?: string;
    secondName?: string;
    lastName?: string;
    secondLastName?: string;
  };
  idNumber?: string;
  idType?: string;
  dob?: string;
  paymentMethod?: {
    [k: string]: unknown;
  };
  idImage?: {
    sha256: string;
    sizeInBytes: number;
  };
  notApplicable?: NotApplicablePath[];
}
/**
 * 200 of GET /partner/links/{linkId}
 */
export interface LinkAnswer {
  success: true;
  data: {
    linkId: LinkId;
    referenceId: ReferenceId;
    status: LinkStatus;
    url: string;
    expiresAt: Time;
    createdAt: Time;
    openedAt: Time | null;
    userId: UserId;
    operationId: OperationId | null;
    userData: ShownUserData;
    metadata: {
      [k: string]: unknown;
    } | null;
    flow: string;
    theme: string | null;
    language: Language | null;
    completedAt: Time | null;
    revokedAt: Time | null;
    revokeReason: string | null;
    replaces?: LinkId;
    steps: Step[];
  };
}
/**
 * A link in a list
 */
export interface LinkItem {
  linkId: LinkId;
  referenceId: ReferenceId;
  status: LinkStatus;
  url: string;
  expiresAt: Time;
  createdAt: Time;
  openedAt: Time | null;
  userId: UserId;
  operationId: OperationId | null;
  userData: ShownUserData;
}
/**
 * 200 of GET /partner/links
 */
export interface LinksAnswer {
  success: true;
  data: {
    items: LinkItem[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * 200 of GET /partner/me
 */
export interface MeAnswer {
  success: true;
  data: {
    name: string;
    slug: Partner;
    status: "active" | "suspended";
    environment: Environment;
    settings: {
      [k: string]: unknown;
    };
    branding: {
      [k: string]: unknown;
    };
  };
}
/**
 * 200 of POST /widget/links/{linkId}/operation/cancel
 */
export interface OperationCancelledAnswer {
  success: true;
  /**
   * The transfer, and whether it is cancelled or the payment system was asked
   */
  data: {
    operationId: OperationId;
    userId: UserId;
    linkId: LinkId;
    referenceId: ReferenceId;
    status: OperationStatus;
    amount: {
      send: number;
      receive: number;
      rate: number;
      fee: number;
      currency: Currencies;
    };
    funding: {
      [k: string]: unknown;
    };
    payout: {
      type: "bank_account" | "cash" | "card";
    };
    createdAt: Time;
    completedAt: Time | null;
    failedAt: Time | null;
    failureReason: string | null;
    /**
     * The user asked to cancel it, whatever became of that
     */
    cancelRequested?: true;
    /**
     * A person said how it ended, not the payment system
     */
    resolvedBy?: "operator";
    cancellation: "done" | "requested";
    warnings?: Warning[];
  };
}
/**
 * What is paid in and what is paid out
 */
export interface Currencies {
  source: CurrencyCode;
  destination: CurrencyCode;
}
/**
 * A transfer as partners see it; money is a number outside and exact decimals inside
 */
export interface OperationItem {
  operationId: OperationId;
  userId: UserId;
  linkId: LinkId;
  referenceId: ReferenceId;
  status: OperationStatus;
  amount: {
    send: number;
    receive: number;
    rate: number;
    fee: number;
    currency: Currencies;
  };
  funding: {
    [k: string]: unknown;
  };
  payout: {
    type: "bank_account" | "cash" | "card";
  };
  createdAt: Time;
  completedAt: Time | null;
  failedAt: Time | null;
  failureReason: string | null;
  /**
   * The user asked to cancel it, whatever became of that
   */
  cancelRequested?: true;
  /**
   * A person said how it ended, not the payment system
   */
  resolvedBy?: "operator";
  warnings?: Warning[];
}
/**
 * 201 of POST /widget/links/{linkId}/operation, 200 of GET /partner/operations/{operationId}
 */
export interface OperationAnswer {
  success: true;
  data: OperationItem;
}
/**
 * 200 of GET /partner/operations
 */
export interface OperationsAnswer {
  success: true;
  data: {
    items: OperationItem[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * 200 and 201 of a replay
 */
export interface ReplayAnswer {
  success: true;
  /**
   * A job that sends events again
   */
  data: {
    replayId: string;
    kind: "replay" | "recovery";
    endpointId: string;
    /**
     * Which events it sends again
     */
    filter: {
      from: Time | null;
      to: Time;
      types: WebhookEventType[] | null;
      referenceId: string | null;
      status: "all" | "failed" | "missing";
    };
    /**
     * Deliveries per second; null: as fast as the endpoint takes them
     */
    rate: number | null;
    state: "running" | "paused" | "done" | "cancelled";
    /**
     * Why it is paused or cancelled without anybody's wish
     */
    reason: string | null;
    /**
     * How far it is
     */
    progress: {
      examined: number;
      enqueued: number;
      /**
       * The time of the event up to which it has come
       */
      reachedAt: Time | null;
    };
    createdAt: Time;
    updatedAt: Time;
    finishedAt: Time | null;
    warnings?: Warning[];
  };
}
/**
 * 200 of GET /partner/replays
 */
export interface ReplaysAnswer {
  success: true;
  data: {
    items: Replay[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * A job that sends events again
 */
export interface Replay {
  replayId: string;
  kind: "replay" | "recovery";
  endpointId: string;
  /**
   * Which events it sends again
   */
  filter: {
    from: Time | null;
    to: Time;
    types: WebhookEventType[] | null;
    referenceId: string | null;
    status: "all" | "failed" | "missing";
  };
  /**
   * Deliveries per second; null: as fast as the endpoint takes them
   */
  rate: number | null;
  state: "running" | "paused" | "done" | "cancelled";
  /**
   * Why it is paused or cancelled without anybody's wish
   */
  reason: string | null;
  /**
   * How far it is
   */
  progress: {
    examined: number;
    enqueued: number;
    /**
     * The time of the event up to which it has come
     */
    reachedAt: Time | null;
  };
  createdAt: Time;
  updatedAt: Time;
  finishedAt: Time | null;
}
/**
 * 201 of a rotation; an endpoint's secret is shown only here
 */
export interface SecretRotatedAnswer {
  success: true;
  data: {
    /**
     * whsec_ and 32 bytes in base64
     */
    secret: string;
    createdAt: Time;
    /**
     * Until when the secrets before it sign too; null when they stopped at once
     */
    previousExpiresAt: Time | null;
    warnings?: Warning[];
  };
}
/**
 * 200 of the widget calls; 202 of POST cip, with attemptId
 */
export interface SessionAnswer {
  success: true;
  data: {
    linkId: LinkId;
    status: LinkStatus;
    version: number;
    steps: Step[];
    missingFields: Path[];
    /**
     * Masked values by path
     */
    prefilled: {
      [k: string]: unknown;
    };
    userState: UserState;
    language: Language | null;
    theme: string | null;
    expiresAt: Time;
    operation?: OperationItem;
    ignoredFields?: IgnoredField[];
    attemptId?: AttemptId;
    redirectUrl?: string;
    expiredRedirectUrl?: string;
    warnings?: Warning[];
  };
}
/**
 * 201 of POST /partner/webhook-endpoints/{endpointId}/test
 */
export interface TestEventAnswer {
  success: true;
  data: {
    endpointId: string;
    eventId: EventId;
    deliveryId: string;
    warnings?: Warning[];
  };
}
/**
 * Something that happened to a user
 */
export interface HistoryItem {
  sequence: number;
  eventId: EventId;
  type: string;
  at: Time;
  userVersion: number;
  actor: EventActor;
  /**
   * The id of the command that led to it
   */
  cause: string;
  /**
   * As its webhook tells it; no value of a field
   */
  data: {
    [k: string]: unknown;
  };
}
/**
 * 200 of GET /partner/users/{referenceId}/history
 */
export interface UserHistoryAnswer {
  success: true;
  data: {
    items: HistoryItem[];
    /**
     * Asks for the page behind this one; null on the last
     */
    nextCursor: string | null;
  };
}
/**
 * 200 of PATCH /partner/users/{referenceId} and of what takes a field back
 */
export interface UserUpdatedAnswer {
  success: true;
  data: {
    userId: UserId;
    referenceId: ReferenceId;
    userState: UserState;
    userVersion: number;
    missingFields: Path[];
    ignoredFields: IgnoredField[];
    removedPaths: Path[];
    warnings?: Warning[];
  };
}
/**
 * The winning value of a field, and who said it when
 */
export interface ShownField {
  /**
   * Masked unless revealed
   */
  value: {
    [k: string]: unknown;
  };
  source: Source;
  at: Time;
  notApplicable?: true;
}
/**
 * A field that CIP needs
 */
export interface Requirement {
  field: Path;
  status: "due" | "satisfied" | "not_applicable" | "under_review";
  reason: string | null;
  deadline?: Time;
}
/**
 * The identity check
 */
export interface ShownCip {
  status: "not_started" | "pending" | "verified" | "failed";
  attempts: number;
  verifiedAt: Time | null;
  current: boolean;
  reverifyBy: Time | null;
  failure: CipFailure | null;
}
/**
 * The one active link
 */
export interface ActiveLink {
  linkId: LinkId;
  status: LinkStatus;
  expiresAt: Time;
}
/**
 * The one open data request
 */
export interface OpenDataRequest {
  dataRequestId: DataRequestId;
  status: DataRequestStatus;
  remainingFields: Path[];
  expiresAt: Time;
}
/**
 * 200 of GET /partner/users/{referenceId}
 */
export interface UserAnswer {
  success: true;
  data: {
    userId: UserId;
    referenceId: ReferenceId;
    state: UserState;
    userVersion: number;
    createdAt: Time;
    updatedAt: Time;
    /**
     * By path
     */
    fields: {
      [k: string]: ShownField;
    };
    requirements: Requirement[];
    cip: ShownCip;
    activeLink?: ActiveLink;
    openDataRequest?: OpenDataRequest;
    lastOperations: OperationItem[];
  };
}
/**
 * A user in a list
 */
export interface UserItem {
  userId: UserId;
  referenceId: ReferenceId;
  state: UserState;
  userVersion: number;
  createdAt: Time;
  updatedAt: Time;
  missingFields: Path[];
  userData: ShownUserData;
}
/**
 * 200 of GET /partner/users
 */
export interface UsersAnswer {
  success: true;
  data: {
    items: UserItem[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * One event to one receiver
 */
export interface DeliveryItem {
  deliveryId: string;
  eventId: EventId;
  event: DeliveredEventType;
  url: string;
  endpointId: string | null;
  linkId: LinkId | null;
  status: DeliveryStatus;
  cause: DeliveryCause;
  /**
   * What asked for it again: a replay, a recovery or a resend
   */
  replayId: string | null;
  /**
   * Since when it waits for its endpoint to be enabled or to answer again
   */
  parkedAt: Time | null;
  createdAt: Time;
  deliveredAt: Time | null;
  nextAttemptAt: Time | null;
  attempts: DeliveryAttempt[];
}
/**
 * One try of a delivery; status and answer are the receiver's, error says why it failed
 */
export interface DeliveryAttempt {
  number: number;
  at: Time;
  durationMs: number;
  status: number | null;
  answer: string | null;
  error: string | null;
  /**
   * The error in a sentence
   */
  explanation: string | null;
}
/**
 * 200 of GET /partner/webhook-deliveries
 */
export interface WebhookDeliveriesAnswer {
  success: true;
  data: {
    items: DeliveryItem[];
    nextCursor: string | null;
  };
}
/**
 * 201 of POST /partner/webhook-endpoints; the secret is shown only here and on rotation
 */
export interface WebhookEndpointCreatedAnswer {
  success: true;
  /**
   * The endpoint with its secret
   */
  data: {
    endpointId: string;
    url: string;
    events: WebhookEventType[] | null;
    description: string | null;
    status: EndpointStatus;
    /**
     * Why it was disabled, and how to get it back
     */
    disabledReason: string | null;
    schedule: number[] | null;
    rateLimit: number | null;
    strictOrder: boolean;
    /**
     * When the present streak of failures began
     */
    failingSince: Time | null;
    /**
     * How many deliveries failed in that streak
     */
    failedDeliveries: number;
    lastSuccessAt: Time | null;
    lane: EndpointLane;
    createdAt: Time;
    updatedAt: Time;
    /**
     * whsec_ and 32 bytes in base64
     */
    secret: string;
    warnings: Warning[];
  };
}
/**
 * How its deliveries get on: flowing; open while its server is away, when they are parked and spend no attempt; recovering while what was parked is let go step by step
 */
export interface EndpointLane {
  state: "flowing" | "open" | "recovering";
  /**
   * Since when; null while it flows
   */
  since: Time | null;
  /**
   * When one delivery asks whether the server is back; null unless it is open
   */
  nextProbeAt: Time | null;
}
/**
 * 200 of DELETE /partner/webhook-endpoints/{endpointId}
 */
export interface WebhookEndpointRemovedAnswer {
  success: true;
  data: {
    endpointId: string;
    deletedAt: Time;
  };
}
/**
 * 200 of GET and PATCH /partner/webhook-endpoints/{endpointId}
 */
export interface WebhookEndpointAnswer {
  success: true;
  /**
   * The endpoint, and what was not used of the body
   */
  data: {
    endpointId: string;
    url: string;
    events: WebhookEventType[] | null;
    description: string | null;
    status: EndpointStatus;
    /**
     * Why it was disabled, and how to get it back
     */
    disabledReason: string | null;
    schedule: number[] | null;
    rateLimit: number | null;
    strictOrder: boolean;
    /**
     * When the present streak of failures began
     */
    failingSince: Time | null;
    /**
     * How many deliveries failed in that streak
     */
    failedDeliveries: number;
    lastSuccessAt: Time | null;
    lane: EndpointLane;
    createdAt: Time;
    updatedAt: Time;
    warnings?: Warning[];
  };
}
/**
 * 200 of GET /partner/webhook-endpoints
 */
export interface WebhookEndpointsAnswer {
  success: true;
  data: {
    items: WebhookEndpoint[];
    /**
     * Where this page stands
     */
    pagination: {
      page: number;
      limit: number;
      total: number;
      totalPages: number;
    };
  };
}
/**
 * A webhook endpoint, and how it has been doing
 */
export interface WebhookEndpoint {
  endpointId: string;
  url: string;
  events: WebhookEventType[] | null;
  description: string | null;
  status: EndpointStatus;
  /**
   * Why it was disabled, and how to get it back
   */
  disabledReason: string | null;
  schedule: number[] | null;
  rateLimit: number | null;
  strictOrder: boolean;
  /**
   * When the present streak of failures began
   */
  failingSince: Time | null;
  /**
   * How many deliveries failed in that streak
   */
  failedDeliveries: number;
  lastSuccessAt: Time | null;
  lane: EndpointLane;
  createdAt: Time;
  updatedAt: Time;
}
/**
 * 200 of GET /partner/webhook-secret
 */
export interface WebhookSecretAnswer {
  success: true;
  data: {
    /**
     * whsec_ and 32 bytes in base64
     */
    secret: string;
  };
}
/**
 * POST /widget/links/{linkId}/operation/cancel
 */
export interface CancelOperationBody {}
/**
 * PATCH /partner/webhook-endpoints/{endpointId}; what is left out stays
 */
export interface ChangeWebhookEndpointBody {
  url?: WebhookUrl;
  events?: WebhookEvents;
  description?: string;
  schedule?: WebhookSchedule;
  rateLimit?: WebhookRateLimit;
  /**
   * One delivery of a user at a time, in the order of the events; false when left out
   */
  strictOrder?: boolean;
  /**
   * enabled also brings back one that is disabled
   */
  status?: "enabled" | "paused";
  /**
   * Back to what holds when it is left out at creation
   *
   * @maxItems 4
   */
  reset?:
    | []
    | ["events" | "description" | "schedule" | "rateLimit"]
    | ["events" | "description" | "schedule" | "rateLimit", "events" | "description" | "schedule" | "rateLimit"]
    | [
        "events" | "description" | "schedule" | "rateLimit",
        "events" | "description" | "schedule" | "rateLimit",
        "events" | "description" | "schedule" | "rateLimit"
      ]
    | [
        "events" | "description" | "schedule" | "rateLimit",
        "events" | "description" | "schedule" | "rateLimit",
        "events" | "description" | "schedule" | "rateLimit",
        "events" | "description" | "schedule" | "rateLimit"
      ];
}
/**
 * POST /widget/links/{linkId}/operation
 */
export interface ConfirmOperationBody {
  amount: {
    /**
     * More than 0, at most 2 decimals, in the source currency
     */
    send: number;
    currency: {
      source: CurrencyCode;
      destination: CurrencyCode;
    };
  };
}
/**
 * POST /partner/links
 */
export interface CreateLinkBody {
  /**
   * 1 to 255 printable ASCII characters without a space at either end
   */
  referenceId: string;
  expiresInMinutes?: number;
  userData?: UserData;
  /**
   * Free facts of yours, given back in the link's detail and in link.created
   */
  metadata?: {
    [k: string]: unknown;
  };
  /**
   * 1 to 64 letters, digits, dashes or underscores
   */
  flow?: string;
  theme?: string;
  language?: Language;
  /**
   * an https URL
   */
  callbackUrl?: string;
  onActive?: "error" | "return" | "replace";
  /**
   * an https URL
   */
  redirectUrl?: string;
  /**
   * an https URL
   */
  expiredRedirectUrl?: string;
}
/**
 * POST /partner/replays
 */
export interface CreateReplayBody {
  endpointId: string;
  /**
   * a time in ISO 8601: events of that moment or later
   */
  from?: string;
  /**
   * a time in ISO 8601: events of that moment or earlier; now when left out
   */
  to?: string;
  types?: WebhookEvents;
  referenceId?: string;
  /**
   * all, also what was delivered; failed, the default; missing: failed, or never made, of the time for which deliveries are kept (30 days)
   */
  status?: "all" | "failed" | "missing";
  rate?: WebhookRateLimit;
}
/**
 * POST /partner/webhook-endpoints
 */
export interface CreateWebhookEndpointBody {
  url: WebhookUrl;
  events?: WebhookEvents;
  description?: string;
  schedule?: WebhookSchedule;
  rateLimit?: WebhookRateLimit;
  /**
   * One delivery of a user at a time, in the order of the events; false when left out
   */
  strictOrder?: boolean;
}
/**
 * A code, a sentence, and what helps to find the way out
 */
export interface RequestError {
  /**
   * What is wrong, for programs
   */
  code: string;
  /**
   * What is wrong, for people
   */
  message: string;
  requestId: string;
  details?: ProblemOfInput[];
  existingLinkId?: LinkId;
  existingLink?: {
    status: LinkStatus;
    expiresAt: Time;
  };
  status?: string;
  missingFields?: Path[];
  operationId?: OperationId;
  commandId?: CommandId;
}
/**
 * Every answer that is not a success
 */
export interface ErrorAnswer {
  success: false;
  error: RequestError;
}
/**
 * POST /partner/links/{linkId}/cip-tickets
 */
export interface IssueCipTicketBody {}
/**
 * POST /partner/replays/{replayId}/pause, resume and cancel
 */
export interface MoveReplayBody {}
/**
 * POST /widget/links/{linkId}/open
 */
export interface OpenLinkBody {
  deviceInfo?: {
    userAgent?: string | null;
    platform?: string | null;
    language?: string | null;
  };
}
/**
 * PUT /widget/links/{linkId}/data
 */
export interface ProvideDataBody {
  userData: UserData;
  /**
   * The session version that the page had
   */
  version: number;
}
/**
 * GET /admin/keys
 */
export interface ListKeysQuery {
  page?: number;
  limit?: number;
  partner?: string;
}
/**
 * GET /admin/parked
 */
export interface ListParkedQuery {
  page?: number;
  limit?: number;
  status?: "parked" | "replayed" | "dropped";
}
/**
 * GET /admin/partners
 */
export interface ListPartnersQuery {
  page?: number;
  limit?: number;
}
/**
 * GET /admin/reviews
 */
export interface ListReviewsQuery {
  page?: number;
  limit?: number;
  partner?: string;
  /**
   * Unmasked verified values
   */
  reveal?: "true" | "false";
}
/**
 * GET /partner/users/{referenceId}/explain
 */
export interface ExplainUserQuery {
  /**
   * The sequence of an event: explain the moment right after it
   */
  at?: number;
  /**
   * With values, for a key with pii:read
   */
  reveal?: "true" | "false";
}
/**
 * GET /partner/links/{linkId}
 */
export interface GetLinkQuery {
  /**
   * Unmasked values, for a key with pii:read
   */
  reveal?: "true" | "false";
}
/**
 * GET /partner/users/{referenceId}
 */
export interface GetUserQuery {
  /**
   * Unmasked values, for a key with pii:read
   */
  reveal?: "true" | "false";
}
/**
 * GET /partner/data-requests
 */
export interface ListDataRequestsQuery {
  page?: number;
  limit?: number;
  status?: DataRequestStatus;
  referenceId?: string;
}
/**
 * GET /partner/events
 */
export interface ListEventsQuery {
  limit?: number;
  /**
   * The nextCursor of the page before
   */
  cursor?: string;
  type?: WebhookEventType;
  referenceId?: string;
  /**
   * Happened at or after
   */
  from?: string;
  /**
   * Happened at or before
   */
  to?: string;
}
/**
 * GET /partner/links
 */
export interface ListLinksQuery {
  page?: number;
  limit?: number;
  /**
   * Created at or after
   */
  from?: string;
  /**
   * Created at or before
   */
  to?: string;
  visibility?: "active" | "expired";
  status?: LinkStatus;
  referenceId?: string;
  /**
   * Unmasked values, for a key with pii:read
   */
  reveal?: "true" | "false";
}
/**
 * GET /partner/operations
 */
export interface ListOperationsQuery {
  page?: number;
  limit?: number;
  /**
   * Created at or after
   */
  from?: string;
  /**
   * Created at or before
   */
  to?: string;
  status?: OperationStatus;
  referenceId?: string;
  userId?: string;
  linkId?: string;
}
/**
 * GET /partner/replays
 */
export interface ListReplaysQuery {
  page?: number;
  limit?: number;
}
/**
 * GET /partner/users/{referenceId}/history
 */
export interface ListUserHistoryQuery {
  limit?: number;
  /**
   * The nextCursor of the page before
   */
  cursor?: string;
}
/**
 * GET /partner/users
 */
export interface ListUsersQuery {
  page?: number;
  limit?: number;
  state?: UserState;
  /**
   * Created at or after
   */
  from?: string;
  /**
   * Created at or before
   */
  to?: string;
  /**
   * Unmasked values, for a key with pii:read
   */
  reveal?: "true" | "false";
}
/**
 * GET /partner/webhook-deliveries
 */
export interface ListWebhookDeliveriesQuery {
  endpoint?: string;
  status?: DeliveryStatus;
  event?: DeliveredEventType;
  cursor?: string;
  limit?: number;
}
/**
 * GET /partner/webhook-endpoints
 */
export interface ListWebhookEndpointsQuery {
  page?: number;
  limit?: number;
}
/**
 * POST /partner/webhook-endpoints/{endpointId}/recover
 */
export interface RecoverWebhookEndpointBody {
  /**
   * a time in ISO 8601; what was missed from then on is sent again, as far back as deliveries are kept (30 days)
   */
  since: string;
  rate?: WebhookRateLimit;
}
/**
 * POST /partner/links/{linkId}/regenerate
 */
export interface RegenerateLinkBody {
  expiresInMinutes?: number;
}
/**
 * POST /partner/events/{eventId}/resend
 */
export interface ResendEventBody {
  /**
   * Only to this endpoint; to everyone who receives the event now when left out
   */
  endpointId?: string;
}
/**
 * POST /partner/links/{linkId}/revoke
 */
export interface RevokeLinkBody {
  reason?: string;
  /**
   * Also a link in progress, as long as no transfer commits it
   */
  force?: boolean;
}
/**
 * POST /partner/webhook-endpoints/{endpointId}/rotate-secret and /partner/webhook-secret/rotate
 */
export interface RotateSecretBody {
  overlapHours?: OverlapHours;
}
/**
 * POST /widget/links/{linkId}/cip
 */
export interface SubmitCipBody {
  consent?: true;
}
/**
 * POST /partner/webhook-endpoints/{endpointId}/test
 */
export interface TestWebhookEndpointBody {}
/**
 * PATCH /partner/users/{referenceId}
 */
export interface UpdateUserBody {
  userData: UserData;
}
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
  /**
   * Who began it: the user on the page, a change of data that needs a person's eye, or the partner
   */
  kind?: "automatic" | "review" | "ticket";
  /**
   * null for a check that a change of data began
   */
  linkId: LinkId | null;
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
  verifiedOutputs?: {
    [k: string]: unknown;
  };
  /**
   * a time in ISO 8601 with a time zone, as 2026-01-31T09:30:00Z
   */
  occurredAt: string;
  [k: string]: unknown;
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
    metadata: {
      [k: string]: unknown;
    } | null;
    expiresInMinutes: number | null;
    onActive: "error" | "return" | "replace";
    userData: UserDataInput;
  };
}
/**
 * Who asks: the id of a key or a provider, never a person's name
 */
export interface Actor {
  kind: "partner" | "user" | "cip" | "payments" | "timer" | "operator";
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
    force?: boolean;
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
 * A partner asks for the identity check of a link's user (B17)
 */
export interface IssueCipTicket {
  type: "IssueCipTicket";
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
 * An operator decides about a user that waits for a person (B14)
 */
export interface ReviewUser {
  type: "ReviewUser";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    decision: ReviewDecision;
    reason: string;
    acceptDifferences: Path[];
  };
}
/**
 * A verification's time has come (B5, B6); the writer judges again (G7)
 */
export interface MarkReverificationDue {
  type: "MarkReverificationDue";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    reverifyBy: Time;
  };
}
/**
 * The partner's required fields are worked out anew for this user (A12)
 */
export interface ApplyPolicy {
  type: "ApplyPolicy";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    policy: string;
  };
}
/**
 * A CIP result arrived; `values` are what the provider read from documents (A10)
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
/**
 * A partner asks for a new link in place of an old one (C12)
 */
export interface RegenerateLink {
  type: "RegenerateLink";
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
    expiresInMinutes: number | null;
  };
}
/**
 * A partner says more of a user, without a link
 */
export interface UpdateUser {
  type: "UpdateUser";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    userData: UserDataInput;
  };
}
/**
 * A source takes its own word about a field back (A4)
 */
export interface RemoveField {
  type: "RemoveField";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    path: Path;
    source: "partner_api" | "operator";
  };
}
/**
 * An operator says what is right, above all other sources (A11)
 */
export interface CorrectUser {
  type: "CorrectUser";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    userData: UserDataInput;
    reason: string;
  };
}
/**
 * The user wants a confirmed transfer cancelled (J5)
 */
export interface CancelOperation {
  type: "CancelOperation";
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
 * An operator says how a transfer ended (J6)
 */
export interface ResolveOperation {
  type: "ResolveOperation";
  commandId: CommandId;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  actor: Actor;
  issuedAt: Time;
  replyTo: string | null;
  values: Values;
  payload: {
    operationId: OperationId;
    status: "completed" | "failed" | "cancelled";
    reason: string;
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
 * `paths`: where the winner changed. `shadowedPaths`: stored, but a higher source wins (A8). `late`: answered after the link's end (D1). `notInEvidence`: the check that runs looks at something else (D7). `removedPaths`: what the source took back (A4)
 */
export interface UserDataUpdatedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  paths: Path[];
  source: Source;
  state: UserState;
  shadowedPaths: Path[];
  late?: true;
  notInEvidence?: Path[];
  removedPaths?: Path[];
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
  decidedBy?: "operator";
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
  decidedBy?: "operator";
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
export interface VerificationChanged {
  type: "user.verification_changed";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: VerificationChangedFacts;
}
/**
 * The winners moved away from what was verified, or back, or it became too old (B5, B6); never a webhook
 */
export interface VerificationChangedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  attemptId: AttemptId;
  current: boolean;
  reverifyBy: Time | null;
  change: VerificationChange | null;
  paths: Path[];
}
export interface UserReviewed {
  type: "user.reviewed";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: UserReviewedFacts;
}
/**
 * An operator decided (B14); why stays in the history; never a webhook
 */
export interface UserReviewedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  decision: ReviewDecision;
}
export interface UserFlagged {
  type: "user.flagged";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: UserFlaggedFacts;
}
/**
 * A person should look at this user (A13, B10); never a webhook
 */
export interface UserFlaggedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  flag: "unstable_identity" | "needs_review";
  paths: Path[];
}
export interface PolicyApplied {
  type: "user.policy_applied";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: PolicyAppliedFacts;
}
/**
 * The required fields were worked out anew and something changed (A12, B7); never a webhook
 */
export interface PolicyAppliedFacts {
  referenceId: ReferenceId;
  userId: UserId;
  policy: string;
  missingFields: Path[];
  eventuallyDueBy: Time | null;
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
  metadata?: {
    [k: string]: unknown;
  };
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
  requiredFields: Path[];
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
  funding: {
    [k: string]: unknown;
  };
  payout: Payout;
  createdAt: Time;
  completedAt: Time | null;
  failedAt: Time | null;
  failureReason: string | null;
  cancelRequested?: true;
  resolvedBy?: "operator";
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
  resolvedBy?: "operator";
}
export interface OperationCancelRequested {
  type: "operation.cancel_requested";
  eventId: EventId;
  at: Time;
  partner: Partner;
  environment: Environment;
  referenceId: ReferenceId;
  userId: UserId;
  sequence: number;
  userVersion: number;
  commandId: CommandId;
  data: OperationCancelRequestedFacts;
}
/**
 * The user asked to cancel a transfer; the payment system says what becomes of it (J5). Never a webhook
 */
export interface OperationCancelRequestedFacts {
  operationId: OperationId;
  linkId: LinkId;
  referenceId: ReferenceId;
}
/**
 * The transfer of the link is complete
 */
export interface LinkCompletedWebhook {
  id: EventId;
  event: "link.completed";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: LinkEndedFacts;
}
/**
 * A link was made
 */
export interface LinkCreatedWebhook {
  id: EventId;
  event: "link.created";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: LinkCreatedFacts;
}
/**
 * The link expired
 */
export interface LinkExpiredWebhook {
  id: EventId;
  event: "link.expired";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: LinkEndedFacts;
}
/**
 * The user took the first step
 */
export interface LinkInProgressWebhook {
  id: EventId;
  event: "link.in_progress";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: LinkProgressedFacts;
}
/**
 * The user opened a link
 */
export interface LinkOpenedWebhook {
  id: EventId;
  event: "link.opened";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: LinkOpenedFacts;
}
/**
 * The link was revoked
 */
export interface LinkRevokedWebhook {
  id: EventId;
  event: "link.revoked";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: LinkEndedFacts;
}
/**
 * A transfer was cancelled
 */
export interface OperationCancelledWebhook {
  id: EventId;
  event: "operation.cancelled";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: OperationItem;
}
/**
 * A transfer is complete
 */
export interface OperationCompletedWebhook {
  id: EventId;
  event: "operation.completed";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: OperationItem;
}
/**
 * A transfer was confirmed
 */
export interface OperationCreatedWebhook {
  id: EventId;
  event: "operation.created";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: OperationItem;
}
/**
 * A transfer failed
 */
export interface OperationFailedWebhook {
  id: EventId;
  event: "operation.failed";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: OperationItem;
}
/**
 * A transfer is under way
 */
export interface OperationProcessingWebhook {
  id: EventId;
  event: "operation.processing";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: OperationItem;
}
/**
 * An identity check failed
 */
export interface UserCipFailedWebhook {
  id: EventId;
  event: "user.cip_failed";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: CipFailedFacts;
}
/**
 * An identity check started
 */
export interface UserCipPendingWebhook {
  id: EventId;
  event: "user.cip_pending";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: CipPendingFacts;
}
/**
 * The user's identity is verified
 */
export interface UserCipVerifiedWebhook {
  id: EventId;
  event: "user.cip_verified";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: CipVerifiedFacts;
}
/**
 * A referenceId was seen for the first time
 */
export interface UserCreatedWebhook {
  id: EventId;
  event: "user.created";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: UserCreatedFacts;
}
/**
 * A data request ended
 */
export interface UserDataRequestClosedWebhook {
  id: EventId;
  event: "user.data_request.closed";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: DataRequestClosedFacts;
}
/**
 * Please send these fields to replyEndpoint
 */
export interface UserDataRequestWebhook {
  id: EventId;
  event: "user.data_request";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: DataRequestRaisedFacts;
}
/**
 * A field of the user has a new winner
 */
export interface UserDataUpdatedWebhook {
  id: EventId;
  event: "user.data_updated";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: UserDataUpdatedFacts;
}
/**
 * The user's state moved
 */
export interface UserStateChangedWebhook {
  id: EventId;
  event: "user.state_changed";
  timestamp: Time;
  /**
   * One number per published event of a user, rising
   */
  sequence: number;
  /**
   * Moves once per accepted command that changed something
   */
  userVersion: number;
  data: UserStateChangedFacts;
}
/**
 * A partner asked whether an endpoint works
 */
export interface WebhookTestWebhook {
  id: EventId;
  event: "webhook.test";
  timestamp: Time;
  /**
   * 0: it is about no user
   */
  sequence: 0;
  /**
   * 0: it is about no user
   */
  userVersion: 0;
  /**
   * Which endpoint is tested
   */
  data: {
    endpointId: string;
    message: string;
  };
}
