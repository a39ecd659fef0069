import type { Link } from "../../domain/link/link.ts";
import { isActive } from "../../domain/link/states.ts";
import { missingFields } from "../../domain/user/required-fields.ts";
import { someData } from "../field-values.ts";
import { type Move, type Scene, someOf } from "../move.ts";

const DEVICE = { userAgent: "simulated", platform: "phone", language: "es" };

/** The partner and the person behind the page, as far as the link goes. */
export const LINK_MOVES: readonly Move[] = [
  {
    type: "CreateLink",
    actor: "partner",
    weight: (scene) => (newestActive(scene) === undefined ? 20 : 1.5),
    say: (scene) => {
      const { random } = scene;
      const { input, values } = someData(random, missing(scene));
      const payload = {
        flow: "m2m-basic",
        theme: null,
        language: random.pick([null, "en", "es"] as const),
        callbackUrl: random.chance(0.2) ? "https://partner.example/link" : null,
        redirectUrl: null,
        expiredRedirectUrl: null,
        metadata: random.chance(0.2) ? { order: 7 } : null,
        expiresInMinutes: random.pick([null, 5, 60, 1_440]),
        onActive: random.pick(["error", "return", "replace"] as const),
        userData: input,
      };
      return { payload, values };
    },
  },
  {
    type: "OpenLink",
    actor: "user",
    weight: (scene) => (newestActive(scene)?.status === "created" ? 12 : 0.7),
    say: (scene) => ({ payload: { linkId: someLinkId(scene), device: DEVICE } }),
  },
  {
    type: "ProvideData",
    actor: "user",
    weight: (scene) => (isOpen(scene) ? (missing(scene).length > 0 ? 8 : 2) : 0.5),
    say: (scene) => {
      const { random, record } = scene;
      const linkId = someLinkId(scene);
      const current = record.links.find((link) => link.linkId === linkId)?.widgetVersion ?? 0;
      const version = random.chance(0.9) ? current : Math.max(0, current - 1);
      const { input, values } = someData(random, [...missing(scene), "paymentMethod"]);
      return { payload: { linkId, version, userData: input }, values };
    },
  },
  {
    type: "RevokeLink",
    actor: "partner",
    weight: (scene) => (newestActive(scene) === undefined ? 0.4 : 1.2),
    say: (scene) => {
      const force = scene.random.chance(0.3);
      return { payload: { linkId: someLinkId(scene), reason: scene.random.pick([null, "fraud"]), force } };
    },
  },
  {
    type: "ExpireLink",
    actor: "timer",
    weight: () => 0.3,
    say: (scene) => ({ payload: { linkId: someLinkId(scene) } }),
  },
];

/** The link that stands in the way of a second one now. */
export function newestActive({ record, now }: Scene): Link | undefined {
  return record.links.find((link) => isActive(link, now));
}

/** Whether the page can do something: the active link was opened. */
export function isOpen(scene: Scene): boolean {
  const status = newestActive(scene)?.status;
  return status === "opened" || status === "in_progress";
}

/** Mostly the link that is active, else any of the user's, now and then one that is not there. */
export function someLinkId(scene: Scene): string {
  const { random, record, partner } = scene;
  const active = newestActive(scene);
  if (active !== undefined && random.chance(0.9)) return active.linkId;
  const any = random.chance(0.9) ? someOf(random, record.links) : undefined;
  return any?.linkId ?? `link_${partner.partner}_none`;
}

function missing({ record, partner }: Scene) {
  return missingFields(record.user, partner.settings);
}
