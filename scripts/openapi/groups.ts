/** A group of endpoints, as the document's tags and the page's sections show it. */
export interface Group {
  readonly name: string;
  readonly description: string;
  /** What the paths of its endpoints begin with. */
  readonly paths: readonly string[];
}

/** Every group, in the order of the page. */
export const GROUPS: readonly Group[] = [
  {
    name: "Links",
    description: "A magic link lets one user act once. A user never has two active links.",
    paths: ["/partner/links"],
  },
  {
    name: "Data requests",
    description: "What we ask a partner for when a link was made with data missing, and how it answers.",
    paths: ["/partner/data-requests"],
  },
  {
    name: "Users",
    description: "One record per referenceId: every value with its source, the state, the history and the reasons.",
    paths: ["/partner/users"],
  },
  {
    name: "Identity check",
    description: "Whether a user can be verified now, and how.",
    paths: ["/partner/links/{linkId}/cip-"],
  },
  { name: "Operations", description: "Transfers that users confirmed.", paths: ["/partner/operations"] },
  {
    name: "Webhooks",
    description: "Where events are sent, which events there were, and what became of their deliveries.",
    paths: ["/partner/webhook", "/partner/events", "/partner/replays"],
  },
  {
    name: "Partner",
    description: "Whose key this is, and what became of a command.",
    paths: ["/partner/me", "/partner/commands"],
  },
  {
    name: "Widget",
    description: "What the page behind a link calls, with the link's token.",
    paths: ["/widget/", "/{linkId}/"],
  },
  {
    name: "Administration",
    description: "For operators, with the admin key. Without a configured admin key these paths do not exist.",
    paths: ["/admin/"],
  },
  {
    name: "This service",
    description: "Health, numbers and this documentation.",
    paths: ["/health/", "/metrics", "/openapi.json", "/asyncapi.json", "/docs"],
  },
];

/** The group of an endpoint by its path in braces form: the one that names most of it. None is an error: add it to one. */
export function groupOf(path: string): string {
  const fitting = GROUPS.flatMap(({ name, paths }) =>
    paths.filter((start) => path.startsWith(start)).map((start) => ({ name, length: start.length })),
  );
  const [found] = fitting.toSorted((a, b) => b.length - a.length);
  if (found === undefined) throw new Error(`No group takes ${path}: add it to scripts/openapi/groups.ts`);
  return found.name;
}
