/** Who is called, and for which users. */
export interface Workload {
  readonly kind: "new-links" | "second-links" | "refused-creates" | "get-user" | "hot-user";
  /** Of the users' referenceIds: `PREFIX-0`, `PREFIX-1` … New users need a prefix that nobody had before. */
  readonly prefix: string;
  /** How many users there are, for workloads over existing ones. */
  readonly users: number;
}

/** Closed: every connection asks again as soon as it has its answer. Open: requests begin at a rate, whatever is answered. */
export type Pace =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly perSecond: number }
  /** As closed, and ends after so many requests. */
  | { readonly kind: "count"; readonly requests: number };

/** What a load generator is told, as JSON in its first argument. */
export interface LoadPlan {
  readonly url: string;
  readonly apiKey: string;
  readonly workload: Workload;
  readonly pace: Pace;
  readonly connections: number;
  /** What is answered in this time is not counted. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** What it reports. Latencies in milliseconds; with open load from the moment at which the request was due. */
export interface LoadReport {
  readonly answered: number;
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** How many requests were sent in all, warm-up included. */
  readonly sent: number;
  /** The first answer that nobody expected. */
  readonly surprise: string | null;
}
