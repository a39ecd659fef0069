import type { Replay } from "../../storage/configuration/replays.ts";

/** A replay as its partner sees it. */
export function replayView(replay: Replay) {
  const { replayId, kind, endpointId, rate, state, reason, examined, enqueued, reachedAt, filter } = replay;
  const { scope: status, ...chosen } = filter;
  const { createdAt, updatedAt, finishedAt } = replay;
  return {
    ...{ replayId, kind, endpointId, filter: { ...chosen, status }, rate, state, reason },
    progress: { examined, enqueued, reachedAt },
    ...{ createdAt, updatedAt, finishedAt },
  };
}
