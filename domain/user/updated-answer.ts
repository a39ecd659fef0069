import type { Change } from "../change.ts";
import type { Answer } from "../decision.ts";
import { askedFields } from "./required-fields.ts";

type UserUpdated = Extract<Answer, { readonly kind: "user_updated" }>;

/** What is told to whoever changed a user's data without a link: where the user stands now. */
export function userUpdated(
  change: Change,
  { ignoredFields, removedPaths }: Pick<UserUpdated, "ignoredFields" | "removedPaths">,
): UserUpdated {
  const user = change.user();
  return {
    kind: "user_updated",
    userId: user.userId,
    referenceId: user.referenceId,
    userState: user.state,
    userVersion: user.version,
    missingFields: askedFields(user, change.context.partner.settings),
    ignoredFields,
    removedPaths,
  };
}
