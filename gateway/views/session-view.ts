import { type SessionFacts, sessionOf } from "../../domain/link/session.ts";
import { operationFacts } from "../../domain/operation/facts.ts";
import { operationView } from "./operation-view.ts";

/** The session as the widget gets it: what the page shows now, the link's newest operation, and where to go from here. */
export function sessionView(facts: SessionFacts) {
  const { link, user, operation } = facts;
  return {
    ...sessionOf(facts),
    ...(operation === null ? {} : { operation: operationView(operationFacts(operation, user)) }),
    ...(link.redirectUrl === null ? {} : { redirectUrl: link.redirectUrl }),
    ...(link.expiredRedirectUrl === null ? {} : { expiredRedirectUrl: link.expiredRedirectUrl }),
  };
}
