/** What a metric is. */
export interface Metric {
  readonly type: "counter" | "gauge" | "histogram";
  readonly name: string;
  readonly sentence: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

/** Buckets of everything that is measured in seconds. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Every metric of every process. A new one is one entry here: its instrument and its row in docs/metrics.md follow. */
export const METRICS = {
  httpRequests: {
    type: "counter",
    name: "m2m_http_requests_total",
    labels: ["method", "route", "status"],
    sentence: "Requests answered by the gateway.",
  },
  httpRequestDuration: {
    type: "histogram",
    name: "m2m_http_request_duration_seconds",
    labels: ["method", "route"],
    buckets: SECONDS,
    sentence: "Time from the first byte of a request to its answer.",
  },
  decisionLatency: {
    type: "histogram",
    name: "m2m_decision_latency_seconds",
    labels: ["outcome"],
    buckets: SECONDS,
    sentence: "Time from publishing a command to knowing its decision, or to giving up waiting.",
  },
  rateLimited: {
    type: "counter",
    name: "m2m_rate_limited_total",
    labels: ["limit"],
    sentence: "Requests answered 429.",
  },
  sessionStreams: {
    type: "gauge",
    name: "m2m_session_streams",
    labels: [],
    sentence: "Pages that listen for their session just now.",
  },
  batchSize: {
    type: "histogram",
    name: "m2m_batch_size",
    labels: ["consumer"],
    buckets: SIZES,
    sentence: "Messages committed in one transaction.",
  },
  batchDuration: {
    type: "histogram",
    name: "m2m_batch_duration_seconds",
    labels: ["consumer"],
    buckets: SECONDS,
    sentence: "Time a batch took, from decoding to what follows the commit.",
  },
  batchRetries: {
    type: "counter",
    name: "m2m_batch_retries_total",
    labels: ["consumer"],
    sentence: "Batches tried again after a temporary error.",
  },
  consumerLag: {
    type: "gauge",
    name: "m2m_consumer_lag",
    labels: ["consumer", "topic", "partition"],
    sentence: "Messages of a partition that wait behind the last one handled.",
  },
  partitionStopped: {
    type: "gauge",
    name: "m2m_partition_stopped",
    labels: ["consumer", "topic", "partition"],
    sentence: "1 while a partition is stopped and wants a person; the log says why.",
  },
  outboxDepth: {
    type: "gauge",
    name: "m2m_outbox_depth",
    labels: [],
    sentence: "Rows of the outbox that are not published yet.",
  },
  parked: {
    type: "counter",
    name: "m2m_parked_total",
    labels: ["consumer", "reason"],
    sentence: "Messages taken out of the stream for a person to look at.",
  },
  poisonedCommands: {
    type: "counter",
    name: "m2m_poisoned_commands_total",
    labels: [],
    sentence: "Commands that failed alone and were decided INTERNAL_ERROR.",
  },
  referenceIdMismatches: {
    type: "counter",
    name: "m2m_reference_id_mismatches_total",
    labels: [],
    sentence: "Answers to data requests that named another user (D3); three within an hour want a person.",
  },
  activeLinkRaces: {
    type: "counter",
    name: "m2m_active_link_races_total",
    labels: [],
    sentence: "Creates that met another active link after the gateway had let them through.",
  },
  lockSkipped: {
    type: "counter",
    name: "m2m_lock_skipped_total",
    labels: ["reason"],
    sentence: "Batches that went on without the active-link lock because Redis did not answer.",
  },
  decisionsUnsent: {
    type: "counter",
    name: "m2m_decisions_unsent_total",
    labels: [],
    sentence: "Times that Redis did not take decisions for waiting gateways, which then found them in Postgres.",
  },
  users: {
    type: "gauge",
    name: "m2m_users",
    labels: ["state"],
    sentence: "Users by state.",
  },
  overdue: {
    type: "gauge",
    name: "m2m_overdue",
    labels: ["kind"],
    sentence: "Identity checks and transfers without an outcome for longer than their partner allows (B9, J6).",
  },
  contradictions: {
    type: "gauge",
    name: "m2m_contradictions",
    labels: [],
    sentence: "Transfers with two different outcomes, until an operator settles them (J4).",
  },
  deliveries: {
    type: "counter",
    name: "m2m_deliveries_total",
    labels: ["class"],
    sentence: "Delivery attempts by the class of their outcome.",
  },
  deliveriesDue: {
    type: "gauge",
    name: "m2m_deliveries_due",
    labels: ["lanes"],
    sentence:
      "Deliveries whose next attempt is due and not begun, by the state of their lanes; of a lane at most 10,000.",
  },
  deliveriesParked: {
    type: "gauge",
    name: "m2m_deliveries_parked",
    labels: [],
    sentence: "Deliveries set aside because their receiver is away or takes nothing; at most 100,000 are counted.",
  },
  deliveriesGivenUp: {
    type: "counter",
    name: "m2m_deliveries_given_up_total",
    labels: [],
    sentence: "Deliveries that were parked for too long and have failed.",
  },
  lanes: {
    type: "gauge",
    name: "m2m_lanes",
    labels: ["state"],
    sentence: "Lanes whose breaker is open, and lanes that are recovering; all others flow.",
  },
  breakerMoves: {
    type: "counter",
    name: "m2m_breaker_moves_total",
    labels: ["to"],
    sentence: "Lanes whose breaker this process opened, or closed again to let them recover.",
  },
  attemptsInFlight: {
    type: "gauge",
    name: "m2m_attempts_in_flight",
    labels: ["class"],
    sentence: "Slots in use: first attempts, retries and replays.",
  },
  endpointWarnings: {
    type: "counter",
    name: "m2m_endpoint_warnings_total",
    labels: ["percent"],
    sentence: "Endpoints that keep failing, by how much of the time until they are disabled has passed.",
  },
  endpointsDisabled: {
    type: "counter",
    name: "m2m_endpoints_disabled_total",
    labels: ["why"],
    sentence: "Endpoints that were disabled: gone, because they answered 410, or failing.",
  },
  deliveriesOldestDue: {
    type: "gauge",
    name: "m2m_deliveries_oldest_due_seconds",
    labels: [],
    sentence: "For how long the oldest delivery that is due and not begun has been due.",
  },
  firstAttemptLatency: {
    type: "histogram",
    name: "m2m_delivery_first_attempt_seconds",
    labels: [],
    buckets: SECONDS,
    sentence: "Time from the moment an event became a delivery to the start of its first attempt.",
  },
  deliveredLatency: {
    type: "histogram",
    name: "m2m_delivery_delivered_seconds",
    labels: [],
    buckets: [...SECONDS, 60, 300, 1_800, 7_200, 86_400],
    sentence: "Time from the moment an event became a delivery to the receiver's good answer, retries included.",
  },
  leaseExpiries: {
    type: "counter",
    name: "m2m_delivery_lease_expiries_total",
    labels: [],
    sentence: "Deliveries taken over because nobody wrote down what came of an attempt; receivers may have had them.",
  },
  duplicateDeliveries: {
    type: "counter",
    name: "m2m_delivery_duplicates_total",
    labels: [],
    sentence: "Attempts whose result came after another worker had taken the delivery: it was sent twice.",
  },
  housekeeping: {
    type: "counter",
    name: "m2m_housekeeping_deleted_total",
    labels: ["what"],
    sentence: "Rows that were deleted because they were too old, and days of attempts that were dropped whole.",
  },
  attemptDaysMissing: {
    type: "gauge",
    name: "m2m_attempt_days_missing",
    labels: [],
    sentence: "Days of the next week without a partition of webhook_attempts: their attempts go to the default one.",
  },
  scrapeFailures: {
    type: "counter",
    name: "m2m_scrape_failures_total",
    labels: ["reading"],
    sentence: "Readings that failed when metrics were asked for; their gauges are left out of that answer.",
  },
} as const satisfies Readonly<Record<string, Metric>>;
