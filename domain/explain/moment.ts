import type { UserRecord } from "../decision.ts";
import type { UserEvent } from "../events.ts";
import type { PartnerSnapshot } from "../partner.ts";
import type { User } from "../user/user.ts";

/** What all parts of an explanation look at: the user's record after the last event of `history`, and the clock then. */
export interface Moment {
  readonly history: readonly UserEvent[];
  readonly record: UserRecord;
  readonly user: User;
  readonly partner: PartnerSnapshot;
  readonly now: string;
  readonly isRevealed: boolean;
  /** Only known of now (B11). */
  readonly isDuplicateSuspected: boolean;
}
