import type { Call } from "./client.ts";
import type { Receiver } from "./receiver.ts";

/** The server that is looked at, and what the one who looks was given. */
export interface Subject {
  readonly call: Call;
  readonly key: string;
  /** A key of another partner, or of the other environment; null when none was given. */
  readonly otherKey: string | null;
  /** Where webhooks arrive; null when none should. */
  readonly receiver: Receiver | null;
  /** A referenceId that no earlier run has used. */
  readonly newReferenceId: () => string;
  /** Asks until it is so; throws Deviation after half a minute. */
  readonly until: (what: string, isSo: () => Promise<boolean>) => Promise<void>;
}

/** Tells an expectation and whether it holds; a deviation does not stop what comes after it. */
export type Expect = (name: string, check: () => Promise<void> | void) => Promise<void>;

/** A part of the documentation as expectations, checked in order. */
export interface Chapter {
  readonly title: string;
  /** Why it cannot be looked at with what was given; null when it can. */
  readonly skipReason?: (subject: Subject) => string | null;
  readonly check: (subject: Subject, expect: Expect) => Promise<void>;
}
