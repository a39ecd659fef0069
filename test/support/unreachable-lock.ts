import type { ActiveLinkLock } from "../../storage/active-link-lock.ts";

/** Redis that never answers: nothing that is promised may depend on it. */
export const UNREACHABLE_LOCK: ActiveLinkLock = {
  take: async (links) => new Map(links.map(({ linkId }) => [linkId, { held: "unknown" as const }])),
  replaceStale: async () => new Map(),
  removeExpiry: async () => undefined,
  restoreExpiry: async () => undefined,
  free: async () => undefined,
};
