import type { PartnerSettings } from "../../domain/partner.ts";
import type { SavedPartner } from "../history/saved-history.ts";
import type { Random } from "../random.ts";

/** The partners, who change their settings, are suspended, and have endpoints or none. */
export interface Partners {
  readonly slugs: readonly string[];
  readonly of: (slug: string) => SavedPartner;
  /** One of them changes in some way; gives which. */
  readonly change: () => string;
}

const SLUGS = ["acme", "globex", "initech"] as const;

/** Begins with partners of three different kinds. */
export function createPartners(random: Random): Partners {
  const partners = new Map<string, SavedPartner>(SLUGS.map((slug) => [slug, somePartner(random)]));
  const of = (slug: string): SavedPartner => partners.get(slug) ?? somePartner(random);
  return {
    slugs: SLUGS,
    of,
    change: () => {
      const slug = random.pick(SLUGS);
      partners.set(slug, somePartner(random));
      return slug;
    },
  };
}

function somePartner(random: Random): SavedPartner {
  return {
    isSuspended: random.chance(0.04),
    endpoints: random.chance(0.85) ? [{ events: null }] : [],
    settings: someSettings(random),
  };
}

/** Settings that a rule reads; what only the gateway reads is left as it is. */
function someSettings(random: Random): Partial<PartnerSettings> {
  return {
    dataRequestTrigger: random.pick(["on_create", "on_open"] as const),
    requiredFieldsPolicy: random.pick<PartnerSettings["requiredFieldsPolicy"]>([
      "basic",
      "basic",
      "full",
      { name: "tiny", version: 2, fields: ["name.firstName"] },
      { name: "none", version: 1, fields: [] },
    ]),
    acceptLateAnswers: random.chance(0.3),
    reverifyGraceDays: random.pick([0, 1, 14, 30]),
    cipValidForDays: random.pick([null, null, 1, 30]),
    maxCipAttempts: 1 + random.below(3),
    defaultExpiresInMinutes: random.pick([5, 60, 240]),
    allowedPaymentMethods: random.chance(0.85) ? ["bank_account", "cash", "card"] : ["bank_account"],
  };
}
