import type { EntityManager } from "@mikro-orm/postgresql";
import { addressKey } from "../domain/user/address-key.ts";
import type { UserAddress } from "../domain/user/user.ts";
import { findKeyById, listKeys } from "../storage/configuration/api-keys.ts";
import { findParked, listParked } from "../storage/configuration/parked-messages.ts";
import { findPartner, listPartners } from "../storage/configuration/partners.ts";
import { findReplay, listReplays } from "../storage/configuration/replays.ts";
import { findEndpoint, listEndpoints } from "../storage/configuration/webhook-endpoints.ts";
import { addressesOfOperations, addressOfUser } from "../storage/queries/addresses.ts";
import { findDecidedCommand } from "../storage/queries/commands.ts";
import { findDataRequest, listDataRequests } from "../storage/queries/data-requests.ts";
import { findSuspectedDuplicates } from "../storage/queries/duplicates.ts";
import { findEvent, listEvents } from "../storage/queries/events.ts";
import { readFullHistory } from "../storage/queries/full-history.ts";
import { listHistory } from "../storage/queries/history.ts";
import { listLinkActivity } from "../storage/queries/link-activity.ts";
import { findLink, listLinks, readLinks, type StoredLink } from "../storage/queries/links.ts";
import { findOperation, listOperations } from "../storage/queries/operations.ts";
import { listReviews } from "../storage/queries/reviews.ts";
import { listUsers, overviewAt, readOverviews, type UserOverview } from "../storage/queries/users.ts";
import { listWebhookDeliveries } from "../storage/queries/webhook-deliveries.ts";
import { findWidgetSession } from "../storage/queries/widget-session.ts";
import type { Scope } from "../storage/scope.ts";
import { createGathered } from "./gathered.ts";

type OnDatabase<Query> = Query extends (em: EntityManager, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** What GETs show: queries of storage/queries, each on a unit of work of its own. */
export interface Reads {
  readonly findLink: OnDatabase<typeof findLink>;
  /** One link by its key and nothing around it, null when this partner has no such link; the status is the stored one. */
  readonly readLink: (wanted: { readonly scope: Scope; readonly linkId: string }) => Promise<StoredLink | null>;
  readonly listLinks: OnDatabase<typeof listLinks>;
  readonly listLinkActivity: OnDatabase<typeof listLinkActivity>;
  /** One user by its partner's own id; null when unknown. */
  readonly findUser: (address: UserAddress, now: string) => Promise<UserOverview | null>;
  readonly listUsers: OnDatabase<typeof listUsers>;
  readonly listHistory: OnDatabase<typeof listHistory>;
  readonly readFullHistory: OnDatabase<typeof readFullHistory>;
  readonly findDataRequest: OnDatabase<typeof findDataRequest>;
  readonly listDataRequests: OnDatabase<typeof listDataRequests>;
  readonly listOperations: OnDatabase<typeof listOperations>;
  readonly findOperation: OnDatabase<typeof findOperation>;
  readonly findDecidedCommand: OnDatabase<typeof findDecidedCommand>;
  readonly listWebhookDeliveries: OnDatabase<typeof listWebhookDeliveries>;
  readonly listEvents: OnDatabase<typeof listEvents>;
  readonly findEvent: OnDatabase<typeof findEvent>;
  readonly findWidgetSession: OnDatabase<typeof findWidgetSession>;
  readonly addressesOfOperations: OnDatabase<typeof addressesOfOperations>;
  readonly findSuspectedDuplicates: OnDatabase<typeof findSuspectedDuplicates>;
  readonly addressOfUser: OnDatabase<typeof addressOfUser>;
  readonly listReviews: OnDatabase<typeof listReviews>;
  readonly listParked: OnDatabase<typeof listParked>;
  readonly findParked: OnDatabase<typeof findParked>;
  readonly listKeys: OnDatabase<typeof listKeys>;
  readonly findKeyById: OnDatabase<typeof findKeyById>;
  readonly listPartners: OnDatabase<typeof listPartners>;
  readonly findPartner: OnDatabase<typeof findPartner>;
  readonly listEndpoints: OnDatabase<typeof listEndpoints>;
  readonly findEndpoint: OnDatabase<typeof findEndpoint>;
  readonly listReplays: OnDatabase<typeof listReplays>;
  readonly findReplay: OnDatabase<typeof findReplay>;
}

/** The reads of a process; `em` gives a fresh unit of work. */
export function createReads(em: () => EntityManager): Reads {
  const readStored = createGathered({
    keyOf: (linkId: string) => linkId,
    askAll: (linkIds) => readLinks(em(), linkIds),
  });
  const readOverview = createGathered({ keyOf: addressKey, askAll: (addresses) => readOverviews(em(), addresses) });
  return {
    findLink: (...rest) => findLink(em(), ...rest),
    readLink: async ({ scope, linkId }) => {
      const found = await readStored(linkId);
      const isOwn = found?.address.partner === scope.partner && found.address.environment === scope.environment;
      return isOwn ? found : null;
    },
    listLinks: (...rest) => listLinks(em(), ...rest),
    listLinkActivity: (...rest) => listLinkActivity(em(), ...rest),
    findUser: async (address, now) => {
      const found = await readOverview(address);
      return found === undefined ? null : overviewAt(found, now);
    },
    listUsers: (...rest) => listUsers(em(), ...rest),
    listHistory: (...rest) => listHistory(em(), ...rest),
    readFullHistory: (...rest) => readFullHistory(em(), ...rest),
    findDataRequest: (...rest) => findDataRequest(em(), ...rest),
    listDataRequests: (...rest) => listDataRequests(em(), ...rest),
    listOperations: (...rest) => listOperations(em(), ...rest),
    findOperation: (...rest) => findOperation(em(), ...rest),
    findDecidedCommand: (...rest) => findDecidedCommand(em(), ...rest),
    listWebhookDeliveries: (...rest) => listWebhookDeliveries(em(), ...rest),
    listEvents: (...rest) => listEvents(em(), ...rest),
    findEvent: (...rest) => findEvent(em(), ...rest),
    findWidgetSession: (...rest) => findWidgetSession(em(), ...rest),
    addressesOfOperations: (...rest) => addressesOfOperations(em(), ...rest),
    findSuspectedDuplicates: (...rest) => findSuspectedDuplicates(em(), ...rest),
    addressOfUser: (...rest) => addressOfUser(em(), ...rest),
    listReviews: (...rest) => listReviews(em(), ...rest),
    listParked: (...rest) => listParked(em(), ...rest),
    findParked: (...rest) => findParked(em(), ...rest),
    listKeys: (...rest) => listKeys(em(), ...rest),
    findKeyById: (...rest) => findKeyById(em(), ...rest),
    listPartners: (...rest) => listPartners(em(), ...rest),
    findPartner: (...rest) => findPartner(em(), ...rest),
    listEndpoints: (...rest) => listEndpoints(em(), ...rest),
    findEndpoint: (...rest) => findEndpoint(em(), ...rest),
    listReplays: (...rest) => listReplays(em(), ...rest),
    findReplay: (...rest) => findReplay(em(), ...rest),
  };
}
