import type { Move } from "./move.ts";
import { CIP_MOVES } from "./moves/cip-moves.ts";
import { DATA_REQUEST_MOVES } from "./moves/data-request-moves.ts";
import { LINK_MOVES } from "./moves/link-moves.ts";
import { OPERATION_MOVES } from "./moves/operation-moves.ts";
import { OPERATOR_MOVES } from "./moves/operator-moves.ts";
import { PARTNER_MOVES } from "./moves/partner-moves.ts";

/** Everything that anybody can do. A new command gets an entry in one of these lists, and is simulated. */
export const MOVES: readonly Move[] = [
  ...LINK_MOVES,
  ...DATA_REQUEST_MOVES,
  ...CIP_MOVES,
  ...OPERATION_MOVES,
  ...PARTNER_MOVES,
  ...OPERATOR_MOVES,
];
