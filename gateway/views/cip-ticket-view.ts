import type { Answer } from "../../domain/decision.ts";
import type { LinkAddresses } from "../link-address.ts";

/** A ticket of the identity check (B17); its url is the link's page with the link's secret. */
export function cipTicketView(
  ticket: Extract<Answer, { readonly kind: "cip_ticket_issued" }>,
  addresses: Pick<LinkAddresses, "opened">,
) {
  const { linkId, ticketId, expiresAt } = ticket;
  return { ticketId, linkId, url: addresses.opened(ticket).url, expiresAt };
}
