/**
 * The legal moves as rules.md tells them (B, C, D, J), written down a second time: the tables in domain/ are compared
 * with these, and every random history is.
 */
export const LEGAL_MOVES = {
  user: {
    pending: ["data_incomplete", "data_complete"],
    data_incomplete: ["data_complete"],
    data_complete: ["data_incomplete", "cip_pending"],
    cip_pending: ["cip_verified", "cip_failed", "data_incomplete", "data_complete"],
    cip_failed: ["cip_pending", "cip_verified"],
    cip_verified: ["cip_failed", "cip_pending", "data_complete"],
  },
  link: {
    created: ["opened", "revoked", "expired"],
    opened: ["in_progress", "revoked", "expired"],
    in_progress: ["completed", "revoked", "expired"],
    completed: [],
    expired: [],
    revoked: [],
  },
  dataRequest: {
    open: ["partially_answered", "fulfilled", "superseded", "expired", "cancelled"],
    partially_answered: ["fulfilled", "superseded", "expired", "cancelled"],
    fulfilled: [],
    superseded: [],
    expired: [],
    cancelled: [],
  },
  operation: {
    created: ["processing", "completed", "failed", "cancelled"],
    processing: ["completed", "failed", "cancelled"],
    completed: [],
    failed: [],
    cancelled: [],
  },
} as const;
