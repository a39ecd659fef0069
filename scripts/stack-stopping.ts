import { composeUse, stopCompose } from "../stack/compose.ts";
import { stopLeftovers } from "../stack/leftovers.ts";
import { areGone } from "../stack/process-table.ts";
import type { Progress } from "../stack/progress.ts";
import { StackError } from "../stack/stack-error.ts";
import { runningStart } from "./stack-claim.ts";
import type { StackSettings } from "./stack-settings.ts";

/** Longer than gateway, consumers and every service together are given. */
const STOP_WITHIN_MS = 90_000;

/**
 * Stops what runs in a stack's folder from another terminal: a living start script is asked to, what a killed one left
 * behind is ended here. Says so when there is nothing to stop. Refuses with a StackError.
 */
export async function stopStack(settings: StackSettings, progress: Progress): Promise<void> {
  const start = await runningStart(settings.dir);
  if (start !== undefined) {
    progress.say(`asking process ${start.pid} to stop`);
    const done = progress.waitFor("everything to stop");
    process.kill(start.pid, start.stopSignal);
    const isGone = await areGone([start.pid], STOP_WITHIN_MS).finally(done);
    if (!isGone) throw new StackError(`Process ${start.pid} has not stopped within ${STOP_WITHIN_MS / 1_000} s.`);
  }
  const leftovers = await stopLeftovers(settings.dir, progress);
  const isCompose = (await composeUse(settings.dir)) === "started";
  if (isCompose) await stopCompose(settings);
  progress.say(start !== undefined || leftovers > 0 || isCompose ? "everything is stopped" : "nothing was running");
}

/** Runs a short script: a known problem prints one sentence and gives exit code 1. */
export async function runToEnd(progress: Progress, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    console.error(error instanceof StackError ? `\n${error.message}` : error);
    process.exitCode = 1;
  } finally {
    progress.close();
  }
}
