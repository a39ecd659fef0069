import { PATHS } from "../../domain/user/fields.ts";
import { someData } from "../field-values.ts";
import type { Move } from "../move.ts";
import { isOpen, someLinkId } from "./link-moves.ts";

/** What a partner, or the person behind the page, can also do. */
export const PARTNER_MOVES: readonly Move[] = [
  {
    type: "RegenerateLink",
    actor: "partner",
    weight: ({ record: { links } }) => (links.length > 0 ? 0.8 : 0.05),
    say: (scene) => ({
      payload: { linkId: someLinkId(scene), expiresInMinutes: scene.random.pick([null, 5, 60]) },
    }),
  },
  {
    type: "UpdateUser",
    actor: "partner",
    weight: ({ record: { user } }) => (user === null ? 0.1 : 1),
    say: ({ random }) => {
      const { input, values } = someData(random, [random.pick(PATHS)]);
      return { payload: { userData: input }, values };
    },
  },
  {
    type: "RemoveField",
    actor: "partner",
    weight: ({ record: { user } }) => (user === null ? 0.05 : 0.6),
    say: ({ random }) => ({
      payload: { path: random.pick(PATHS), source: random.pick(["partner_api", "partner_api", "operator"] as const) },
    }),
  },
  {
    type: "CancelOperation",
    actor: "user",
    weight: (scene) => {
      if (!isOpen(scene)) return 0.1;
      return scene.record.operations.some(({ status }) => status === "created") ? 2 : 0.3;
    },
    say: (scene) => ({ payload: { linkId: someLinkId(scene) } }),
  },
];
