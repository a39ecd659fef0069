import { AUTHENTICATION } from "./chapters/authentication.ts";
import { DATA_REQUESTS } from "./chapters/data-requests.ts";
import { HTTP } from "./chapters/http.ts";
import { IDEMPOTENCY } from "./chapters/idempotency.ts";
import { IDENTITY_CHECK } from "./chapters/identity-check.ts";
import { JOURNEY } from "./chapters/journey.ts";
import { LINKS } from "./chapters/links.ts";
import { LISTS } from "./chapters/lists.ts";
import { OTHER_PARTNER } from "./chapters/other-partner.ts";
import { PARTNER } from "./chapters/partner.ts";
import { PRECEDENCE } from "./chapters/precedence.ts";
import { REFERENCE_IDS } from "./chapters/reference-ids.ts";
import { REVOKE } from "./chapters/revoke.ts";
import { SIGNATURES } from "./chapters/signatures.ts";
import { TRANSFERS } from "./chapters/transfers.ts";
import { USER_DATA } from "./chapters/user-data.ts";
import { WEBHOOK_MANAGEMENT } from "./chapters/webhook-management.ts";
import { WEBHOOKS } from "./chapters/webhooks.ts";
import { WIDGET } from "./chapters/widget.ts";
import type { Chapter } from "./subject.ts";

/** Every chapter, in the order in which it is checked. */
export const CHAPTERS: readonly Chapter[] = [
  SIGNATURES,
  AUTHENTICATION,
  HTTP,
  LINKS,
  REFERENCE_IDS,
  USER_DATA,
  REVOKE,
  LISTS,
  PRECEDENCE,
  DATA_REQUESTS,
  IDEMPOTENCY,
  WIDGET,
  IDENTITY_CHECK,
  TRANSFERS,
  JOURNEY,
  WEBHOOKS,
  WEBHOOK_MANAGEMENT,
  PARTNER,
  OTHER_PARTNER,
];
