import type { LinkActivityAnswer, LinkAnswer, LinkCreatedAnswer, LinksAnswer } from "../../schemas/generated.ts";
import type { CommandGroup, Invocation, Outcome } from "../command.ts";
import { givenInteger, givenJson } from "../given-json.ts";
import { PAGE_FLAGS, pageOutcome, pageQuery } from "../paging.ts";
import { textRecord, textSections, textTable } from "../text-table.ts";

const LINK = { name: "linkId", sentence: "The link's id." };
const SETTINGS_USED = ["url", "key"] as const;
const STATUSES = ["created", "opened", "in_progress", "completed", "expired", "revoked"];

export const linksGroup: CommandGroup = {
  word: "links",
  sentence: "Make, list, see and revoke magic links.",
  commands: [
    {
      path: ["links", "create"],
      sentence: "Make a link for a user; shows its address with the secret, which opens it.",
      arguments: [],
      flags: [
        {
          name: "reference",
          placeholder: "ID",
          sentence: "The partner's own identifier of the user.",
          isRequired: true,
        },
        { name: "user-data", placeholder: "JSON", sentence: "What the partner knows, as JSON or @FILE." },
        { name: "metadata", placeholder: "JSON", sentence: "Free facts of the partner's, as JSON or @FILE." },
        {
          name: "expires-in-minutes",
          placeholder: "COUNT",
          sentence: "5 to 10080; the partner's setting when left out.",
        },
        {
          ...{ name: "on-active", placeholder: "WHAT", oneOf: ["error", "return", "replace"] },
          sentence: "When the user has an active link.",
        },
        { name: "callback-url", placeholder: "URL", sentence: "Gets this link's events instead of the endpoints." },
      ],
      settings: SETTINGS_USED,
      examples: [`m2m links create --reference customer-0001 --user-data '{"name":{"firstName":"Ana"}}'`],
      run: createLink,
    },
    {
      path: ["links", "list"],
      sentence: "Links, newest first.",
      arguments: [],
      flags: [
        { name: "reference", placeholder: "ID", sentence: "Only of this user." },
        { name: "status", placeholder: "STATUS", oneOf: STATUSES, sentence: "Only in this status." },
        { name: "from", placeholder: "TIME", sentence: "Created at or after, in ISO 8601." },
        { name: "to", placeholder: "TIME", sentence: "Created at or before." },
        ...PAGE_FLAGS,
      ],
      settings: SETTINGS_USED,
      examples: ["m2m links list --status opened"],
      run: listLinks,
    },
    {
      path: ["links", "show"],
      sentence: "One link, and what its page would show now.",
      arguments: [LINK],
      flags: [{ name: "activity", sentence: "Also what happened to it." }],
      settings: SETTINGS_USED,
      examples: ["m2m links show link_acme_k3v9x2m4p7q1 --activity"],
      run: showLink,
    },
    {
      path: ["links", "revoke"],
      sentence: "Revoke a link that is created or opened.",
      arguments: [LINK],
      flags: [
        { name: "reason", placeholder: "TEXT", sentence: "Why, for the history." },
        { name: "force", sentence: "Also one in progress, as long as no transfer is confirmed." },
      ],
      settings: SETTINGS_USED,
      examples: ['m2m links revoke link_acme_k3v9x2m4p7q1 --reason "wrong user"'],
      run: revokeLink,
    },
  ],
};

async function createLink({ flag, gateway }: Invocation): Promise<Outcome> {
  const body = {
    referenceId: flag("reference"),
    userData: await givenJson("user-data", flag("user-data")),
    metadata: await givenJson("metadata", flag("metadata")),
    expiresInMinutes: givenInteger("expires-in-minutes", flag("expires-in-minutes")),
    onActive: flag("on-active"),
    callbackUrl: flag("callback-url"),
  };
  const call = { as: "partner", method: "POST", path: "/partner/links", body } as const;
  const made = await gateway.call<LinkCreatedAnswer["data"]>(call);
  const { warnings, token: _, ...facts } = made;
  const warned = warnings.map(({ message }) => message).join("\n");
  return { document: made, text: [textRecord(facts), warned].filter((text) => text !== "").join("\n\n") };
}

async function listLinks(invocation: Invocation): Promise<Outcome> {
  const { flag, gateway } = invocation;
  const query = {
    ...{ referenceId: flag("reference"), status: flag("status"), from: flag("from"), to: flag("to") },
    ...pageQuery(invocation),
  };
  const call = { as: "partner", method: "GET", path: "/partner/links", query } as const;
  return pageOutcome(await gateway.call<LinksAnswer["data"]>(call), [
    ["LINK ID", ({ linkId }) => linkId],
    ["REFERENCE", ({ referenceId }) => referenceId],
    ["STATUS", ({ status }) => status],
    ["CREATED", ({ createdAt }) => createdAt],
    ["EXPIRES", ({ expiresAt }) => expiresAt],
    ["TRANSFER", ({ operationId }) => operationId],
  ]);
}

async function showLink({ argument, isSet, gateway }: Invocation): Promise<Outcome> {
  const path = `/partner/links/${encodeURIComponent(argument("linkId"))}`;
  const { userData, ...link } = await gateway.call<LinkAnswer["data"]>({ as: "partner", method: "GET", path });
  if (!isSet("activity")) return { document: { ...link, userData }, text: textRecord(link) };
  const call = { as: "partner", method: "GET", path: `${path}/activity` } as const;
  const activity = await gateway.call<LinkActivityAnswer["data"]>(call);
  const told = textTable(activity.items, [
    ["AT", ({ at }) => at],
    ["WHAT", ({ type }) => type],
    ["BY", ({ actor }) => (actor.id === null ? actor.kind : `${actor.kind} ${actor.id}`)],
  ]);
  return {
    document: { ...link, userData, activity: activity.items },
    text: textSections([
      ["Link", textRecord(link)],
      ["Activity", told],
    ]),
  };
}

async function revokeLink({ argument, flag, isSet, gateway }: Invocation): Promise<Outcome> {
  const path = `/partner/links/${encodeURIComponent(argument("linkId"))}/revoke`;
  const body = { reason: flag("reason"), ...(isSet("force") ? { force: true } : {}) };
  const revoked = await gateway.call<Readonly<Record<string, unknown>>>({ as: "partner", method: "POST", path, body });
  return { document: revoked, text: textRecord(revoked) };
}
