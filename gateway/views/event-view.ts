import { type PublishedEvent, webhookFacts } from "../../domain/webhook/payloads.ts";
import type { HistoryEntry } from "../../storage/queries/history.ts";

/** An event as its webhook tells it (H1). */
export function eventView({ eventId, type, at, sequence, userVersion, data }: PublishedEvent) {
  return { id: eventId, event: type, timestamp: at, sequence, userVersion, data: webhookFacts(type, data) };
}

/** The facts of an event as partners see them: money is a JSON number outside. */
export function eventFactsView(type: string, facts: PublishedEvent["data"]) {
  return webhookFacts(type, facts);
}

/** An item of a user's history: what happened, who caused it, and by which command. */
export function historyEntryView({ commandId, data, ...entry }: HistoryEntry) {
  return { ...entry, cause: commandId, data: webhookFacts(entry.type, data) };
}
