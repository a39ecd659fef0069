import type { Command } from "../domain/commands.ts";
import type { Answer } from "../domain/decision.ts";
import type { UserAddress } from "../domain/user/user.ts";
import { WIDGET_ACTOR } from "./command-origin.ts";
import type { CommandStamp } from "./command-writer.ts";
import { isoTime } from "./iso-time.ts";
import { type Reply, success } from "./reply.ts";
import { notFound } from "./request-refused.ts";
import type { WidgetRequest } from "./route.ts";
import type { RouteDependencies } from "./route-dependencies.ts";
import { sessionView } from "./views/session-view.ts";

/** What every command of the widget has: the gateway's stamp, whose link it is, and that its user asks. */
export type WidgetStamp = CommandStamp & UserAddress & Pick<Command, "actor">;

/** One write of the page behind a link. */
export interface WidgetStep {
  readonly command: (stamp: WidgetStamp) => Promise<Command>;
  readonly reply: (answer: Answer) => Promise<Reply> | Reply;
}

type StepDependencies = Pick<RouteDependencies, "reads" | "write" | "clock">;

/**
 * Writes a command for the user behind a link, found by the link alone: the token was checked (C10). A link that is not
 * known yet is 404. What was not decided in time shows in the session, so a 202 points there.
 */
export async function writeStep(
  request: WidgetRequest,
  step: WidgetStep,
  dependencies: StepDependencies,
): Promise<Reply> {
  const { linkId } = request;
  const session = await dependencies.reads.findWidgetSession(linkId);
  if (session === null) throw notFound();
  return dependencies.write(request, {
    scope: session.address,
    location: () => `/widget/links/${linkId}`,
    command: (stamp) => step.command({ ...stamp, ...session.address, actor: WIDGET_ACTOR }),
    reply: step.reply,
  });
}

/** The session as it is now, with what a step adds to it. */
export async function sessionReply(
  linkId: string,
  { status, more = {} }: { readonly status: 200 | 202; readonly more?: object },
  { reads, clock }: StepDependencies,
): Promise<Reply> {
  const session = await reads.findWidgetSession(linkId);
  if (session === null) throw notFound();
  return success(status, { ...sessionView({ ...session, now: isoTime(clock) }), ...more });
}
