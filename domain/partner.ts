import type { Path } from "./user/fields.ts";
import type { Environment } from "./user/user.ts";

/** One way of sending money: rate and fee are decimal text (J3). Limits are in the source currency. */
export interface Corridor {
  readonly source: string;
  readonly destination: string;
  readonly rate: string;
  readonly fee: string;
  readonly minimumSend: string;
  readonly maximumSend: string;
}

/** A versioned set of fields that CIP needs. */
export interface RequiredFieldsPolicy {
  readonly name: string;
  readonly version: number;
  readonly fields: readonly Path[];
}

/** api.md section 7. Every value has a default, so that a stored partner may omit any of them. */
export interface PartnerSettings {
  readonly defaultExpiresInMinutes: number;
  readonly dataRequestTrigger: "on_create" | "on_open";
  readonly requiredFieldsPolicy: "basic" | "full" | RequiredFieldsPolicy;
  readonly acceptLateAnswers: boolean;
  readonly maxCipAttempts: number;
  /** B5: how long a verified user whose data changed may go on before the check has to be repeated; 0 to 30. */
  readonly reverifyGraceDays: number;
  /** B6: the age at which a verification has to be repeated; null: never. */
  readonly cipValidForDays: number | null;
  /** B9: a check that runs longer is shown as overdue; nothing else happens to it. */
  readonly cipOverdueMinutes: number;
  /** J6: the same for a transfer. */
  readonly operationOverdueMinutes: number;
  readonly allowedPaymentMethods: readonly ("bank_account" | "cash" | "card")[];
  readonly corridors: readonly Corridor[];
  readonly linksPerMinute: number | null;
  readonly requestsPerMinute: number | null;
  readonly branding: { readonly [key: string]: unknown };
}

export const DEFAULT_SETTINGS: PartnerSettings = {
  defaultExpiresInMinutes: 60,
  dataRequestTrigger: "on_create",
  requiredFieldsPolicy: "basic",
  acceptLateAnswers: false,
  maxCipAttempts: 3,
  reverifyGraceDays: 14,
  cipValidForDays: null,
  cipOverdueMinutes: 60,
  operationOverdueMinutes: 60,
  allowedPaymentMethods: ["bank_account", "cash", "card"],
  corridors: [
    { source: "USD", destination: "MXN", rate: "17.05", fee: "2.99", minimumSend: "1.00", maximumSend: "10000.00" },
  ],
  linksPerMinute: null,
  requestsPerMinute: null,
  branding: {},
};

/** The settings that count: what was stored, and the default for everything else. */
export function settingsOf(stored: Partial<PartnerSettings>): PartnerSettings {
  return { ...DEFAULT_SETTINGS, ...stored };
}

/** A partner as one command sees it: read in the same transaction that applies the command. */
export interface PartnerSnapshot {
  readonly partner: string;
  readonly environment: Environment;
  readonly isSuspended: boolean;
  readonly settings: PartnerSettings;
  /** What each endpoint of this environment that is not disabled subscribed to; null means every event. */
  readonly endpoints: readonly { readonly events: readonly string[] | null }[];
}
