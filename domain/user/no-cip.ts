import type { UserCip } from "./user.ts";

/** Nobody has checked anything yet; also what users that an older release stored lack. */
export const NO_CIP: UserCip = {
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
};
