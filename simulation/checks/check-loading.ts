import type { RunResult } from "../../storage/user-store/run-commands.ts";
import { differenceOf } from "../same.ts";
import { insist } from "./violation.ts";

/** A batch leads to the same whether a user is loaded whole or only what the commands need (storage/user-store/needs.ts). */
export function checkLoading(run: RunResult, onWhole: RunResult): void {
  const difference = differenceOf(comparable(run), comparable(onWhole));
  insist(difference === null, "loading", () => `a command needs more than is loaded for it: ${difference}`);
}

function comparable({ decided, leaving }: RunResult) {
  const left = leaving.map((one) => {
    if (one.kind === "event") return one.event;
    return one.kind === "effect" ? one.effect : one.value;
  });
  return { decisions: decided.map(({ command, decision }) => ({ type: command.type, decision })), left };
}
