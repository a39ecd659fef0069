import type { EntityManager } from "@mikro-orm/postgresql";
import type { Command } from "../domain/commands.ts";
import type { PartnerSettings } from "../domain/partner.ts";
import { type PolicyEffect, policyEffect } from "../domain/user/apply-policy.ts";
import { policyLabel, policyOf } from "../domain/user/required-fields.ts";
import type { User } from "../domain/user/user.ts";
import { commandMessage } from "../messaging/command-message.ts";
import type { Clock } from "../runtime/clock.ts";
import type { CommandIds } from "../runtime/ids.ts";
import type { Trace } from "../runtime/trace.ts";
import { everyUserOf } from "../storage/queries/policy-users.ts";
import { isoTime } from "./iso-time.ts";
import type { CommandPublisher } from "./publish-command.ts";

/** Whose users are looked at, by which settings. */
export interface PolicyQuestion {
  readonly partner: string;
  readonly settings: PartnerSettings;
}

/** What a policy changes (A12), in numbers of users of both environments. */
export interface PolicyPreview {
  readonly policy: string;
  readonly users: number;
  readonly becomeIncomplete: number;
  readonly becomeComplete: number;
  /** Verified users who stay so and are asked for more on their next link (B7), or for nothing more. */
  readonly verifiedAskedLater: number;
}

/** Previews what a partner's required fields mean for its users, and has it worked out for those that change. */
export interface PolicyChanges {
  readonly preview: (question: PolicyQuestion) => Promise<PolicyPreview>;
  /** Publishes one command per user that changes and gives their number; each is judged again by the writer. */
  readonly apply: (
    question: PolicyQuestion,
    by: { readonly operator: string; readonly trace: Trace },
  ) => Promise<number>;
}

export interface PolicyChangesDependencies {
  readonly em: () => EntityManager;
  readonly publisher: CommandPublisher;
  readonly commandIds: CommandIds;
  readonly clock: Clock;
}

/** Reads every user of the partner, a thousand at a time. */
export function createPolicyChanges(dependencies: PolicyChangesDependencies): PolicyChanges {
  const { em, publisher, commandIds, clock } = dependencies;
  return {
    preview: async ({ partner, settings }) => {
      let preview: PolicyPreview = { policy: labelOf(settings), ...NOTHING };
      for await (const users of everyUserOf(em, partner)) {
        for (const user of users) preview = counted(preview, policyEffect(user, settings));
      }
      return preview;
    },
    apply: async ({ partner, settings }, { operator, trace }) => {
      let published = 0;
      for await (const users of everyUserOf(em, partner)) {
        const changing = users.filter((user) => policyEffect(user, settings) !== null);
        const issue = (user: User) => ({ commandId: commandIds.issue(user), issuedAt: isoTime(clock), operator });
        const commands = changing.map((user) => commandFor(user, labelOf(settings), issue(user)));
        await Promise.all(commands.map((command) => publisher.publish(commandMessage(command, trace))));
        published += commands.length;
      }
      return published;
    },
  };
}

const NOTHING = { users: 0, becomeIncomplete: 0, becomeComplete: 0, verifiedAskedLater: 0 };

function labelOf(settings: PartnerSettings): string {
  return policyLabel(policyOf(settings));
}

function counted(preview: PolicyPreview, effect: PolicyEffect | null): PolicyPreview {
  const isState = effect?.kind === "state";
  const add = (isSo: boolean) => (isSo ? 1 : 0);
  return {
    policy: preview.policy,
    users: preview.users + 1,
    becomeIncomplete: preview.becomeIncomplete + add(isState && effect.to === "data_incomplete"),
    becomeComplete: preview.becomeComplete + add(isState && effect.to === "data_complete"),
    verifiedAskedLater: preview.verifiedAskedLater + add(effect?.kind === "eventually_due"),
  };
}

function commandFor(
  { partner, environment, referenceId }: User,
  policy: string,
  { operator, ...stamp }: { readonly commandId: string; readonly issuedAt: string; readonly operator: string },
): Command {
  return {
    ...{ ...stamp, partner, environment, referenceId },
    type: "ApplyPolicy",
    actor: { kind: "operator", id: operator },
    replyTo: null,
    values: {},
    payload: { policy },
  };
}
