import type { Command } from "../../domain/commands.ts";
import type { PartnerSettings, PartnerSnapshot } from "../../domain/partner.ts";
import { settingsOf } from "../../domain/partner.ts";
import type { UserAddress } from "../../domain/user/user.ts";

/** One command as the store applied it: when, and what the partner was like. */
export interface AppliedStep {
  /** Milliseconds since 1970 on the writer's clock. */
  readonly nowMs: number;
  /** Steps of one batch, one transaction, share a number. */
  readonly batch: number;
  readonly partner: SavedPartner;
  readonly command: Command;
}

/** A partner, with the settings that differ from the defaults: so that a saved one gets later settings' defaults. */
export interface SavedPartner {
  readonly isSuspended: boolean;
  readonly settings: Partial<PartnerSettings>;
  readonly endpoints: PartnerSnapshot["endpoints"];
}

/** All that one user went through until a property did not hold: a file of test/regressions. */
export interface SavedHistory {
  readonly property: string;
  readonly detail: string;
  readonly seed: number;
  readonly steps: readonly AppliedStep[];
}

/** The partner as a command sees it. */
export function snapshotOf({ partner, environment }: UserAddress, saved: SavedPartner): PartnerSnapshot {
  const { isSuspended, settings, endpoints } = saved;
  return { partner, environment, isSuspended, settings: settingsOf(settings), endpoints };
}
