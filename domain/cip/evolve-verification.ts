import type { CipVerified, UserEvent } from "../events.ts";
import type { User } from "../user/user.ts";
import type { CipAttempt } from "./attempt.ts";

/**
 * B5: what is remembered of a verification after an event: what was checked is what counts, apart from what a person
 * accepted instead (B14). A failed check leaves nothing to go by. `attempts` as they were before the event.
 */
export function evolveVerification(user: User, attempts: readonly CipAttempt[], event: UserEvent): User {
  switch (event.type) {
    case "user.cip_verified": {
      const { attemptId } = event.data;
      const attempt = attempts.find((candidate) => candidate.attemptId === attemptId);
      return attempt === undefined ? user : verified(user, attempt, event);
    }
    case "user.verification_changed": {
      const { current, reverifyBy, change, paths: changedPaths } = event.data;
      const { verification } = user.cip;
      if (verification === null) return user;
      return {
        ...user,
        cip: { ...user.cip, verification: { ...verification, current, reverifyBy, change, changedPaths } },
      };
    }
    case "user.cip_failed":
      return { ...user, cip: { ...user.cip, verification: null }, verifiedValues: {}, verifiedNotApplicable: [] };
    default:
      return user;
  }
}

function verified(
  user: User,
  { attemptId, policy, evidenceValues, notApplicable }: CipAttempt,
  event: CipVerified,
): User {
  const { verifiedAt } = event.data;
  const { accepted } = event.private;
  return {
    ...user,
    cip: {
      ...user.cip,
      verification: { attemptId, verifiedAt, policy, current: true, reverifyBy: null, change: null, changedPaths: [] },
    },
    verifiedValues: accepted?.values ?? evidenceValues,
    verifiedNotApplicable: accepted?.notApplicable ?? notApplicable,
  };
}
