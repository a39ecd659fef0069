import type { EntityManager } from "@mikro-orm/postgresql";
import { findDecidedCommand } from "../storage/queries/commands.ts";
import { findDataRequest } from "../storage/queries/data-requests.ts";
import { findLink, listLinks, readLink } from "../storage/queries/links.ts";
import { listOperations } from "../storage/queries/operations.ts";
import { findUser } from "../storage/queries/users.ts";
import { listWebhookDeliveries } from "../storage/queries/webhook-deliveries.ts";
import { findWidgetSession } from "../storage/queries/widget-session.ts";

type OnDatabase<Query> = Query extends (em: EntityManager, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** What GETs show: queries of storage/queries, each on a unit of work of its own. */
export interface Reads {
  readonly findLink: OnDatabase<typeof findLink>;
  readonly readLink: OnDatabase<typeof readLink>;
  readonly listLinks: OnDatabase<typeof listLinks>;
  readonly findUser: OnDatabase<typeof findUser>;
  readonly findDataRequest: OnDatabase<typeof findDataRequest>;
  readonly listOperations: OnDatabase<typeof listOperations>;
  readonly findDecidedCommand: OnDatabase<typeof findDecidedCommand>;
  readonly listWebhookDeliveries: OnDatabase<typeof listWebhookDeliveries>;
  readonly findWidgetSession: OnDatabase<typeof findWidgetSession>;
}

/** The reads of a process; `em` gives a fresh unit of work. */
export function createReads(em: () => EntityManager): Reads {
  return {
    findLink: (...rest) => findLink(em(), ...rest),
    readLink: (...rest) => readLink(em(), ...rest),
    listLinks: (...rest) => listLinks(em(), ...rest),
    findUser: (...rest) => findUser(em(), ...rest),
    findDataRequest: (...rest) => findDataRequest(em(), ...rest),
    listOperations: (...rest) => listOperations(em(), ...rest),
    findDecidedCommand: (...rest) => findDecidedCommand(em(), ...rest),
    listWebhookDeliveries: (...rest) => listWebhookDeliveries(em(), ...rest),
    findWidgetSession: (...rest) => findWidgetSession(em(), ...rest),
  };
}
