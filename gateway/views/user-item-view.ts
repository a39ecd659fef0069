import { missingFields } from "../../domain/user/required-fields.ts";
import type { User } from "../../domain/user/user.ts";
import { userDataView } from "./user-data-view.ts";
import type { UserViewContext } from "./user-view.ts";

/** An item of GET /partner/users. */
export function userItemView(user: User, { settings, show }: UserViewContext) {
  return {
    userId: user.userId,
    referenceId: user.referenceId,
    state: user.state,
    userVersion: user.version,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    missingFields: missingFields(user, settings),
    userData: userDataView(user, show),
  };
}
