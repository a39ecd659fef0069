import type { ExplanationAnswer, UserAnswer, UserHistoryAnswer } from "../../schemas/generated.ts";
import type { CommandGroup, Flag, Invocation, Outcome } from "../command.ts";
import { textRecord, textSections, textTable } from "../text-table.ts";

type User = UserAnswer["data"];
type Explanation = ExplanationAnswer["data"];

const REFERENCE = { name: "referenceId", sentence: "The partner's own identifier of the user." };
const REVEAL: Flag = { name: "reveal", sentence: "Values unmasked, for a key with pii:read." };
const SETTINGS_USED = ["url", "key"] as const;

export const usersGroup: CommandGroup = {
  word: "users",
  sentence: "See a user, why it is as it is, and how it came to be so.",
  commands: [
    {
      path: ["users", "show"],
      sentence: "A user's state, fields with their sources, what the identity check needs, and what is going on.",
      arguments: [REFERENCE],
      flags: [REVEAL],
      settings: SETTINGS_USED,
      examples: ["m2m users show customer-0001"],
      run: showUser,
    },
    {
      path: ["users", "explain"],
      sentence: "In sentences: why each value won, why the user is in its state, what is missing and who must act.",
      arguments: [REFERENCE],
      flags: [
        { name: "at", placeholder: "SEQUENCE", sentence: "The moment right after this event, instead of now." },
        REVEAL,
      ],
      settings: SETTINGS_USED,
      examples: ["m2m users explain customer-0001", "m2m users explain customer-0001 --at 3"],
      run: explainUser,
    },
    {
      path: ["users", "history"],
      sentence: "Every event of a user, newest first: when, what, and who caused it.",
      arguments: [REFERENCE],
      flags: [
        { name: "limit", placeholder: "COUNT", sentence: "Events on a page, 1 to 100; 20 when left out." },
        { name: "cursor", placeholder: "TEXT", sentence: "The page behind the one before." },
      ],
      settings: SETTINGS_USED,
      examples: ["m2m users history customer-0001 --limit 100"],
      run: userHistory,
    },
  ],
};

async function showUser({ argument, isSet, gateway }: Invocation): Promise<Outcome> {
  const query = { reveal: isSet("reveal") ? "true" : undefined };
  const path = pathOf(argument("referenceId"));
  const user = await gateway.call<User>({ as: "partner", method: "GET", path, query });
  const { userId, referenceId, state, userVersion, createdAt, updatedAt, cip, activeLink, openDataRequest } = user;
  const facts = textRecord({
    userId,
    referenceId,
    state,
    userVersion,
    createdAt,
    updatedAt,
    activeLink: activeLink && `${activeLink.linkId}, ${activeLink.status}, until ${activeLink.expiresAt}`,
    openDataRequest:
      openDataRequest && `${openDataRequest.dataRequestId}, ${openDataRequest.remainingFields.join(", ")}`,
  });
  return {
    document: user,
    text: textSections([
      ["User", facts],
      ["Identity check", textRecord({ ...cip })],
      ["Fields", fieldsTable(user)],
      ["Needed", requirementsTable(user)],
      ["Last transfers", user.lastOperations.map(({ operationId, status }) => `${operationId}  ${status}`).join("\n")],
    ]),
  };
}

function fieldsTable({ fields }: User): string {
  return textTable(Object.entries(fields), [
    ["FIELD", ([path]) => path],
    ["VALUE", ([, field]) => (field?.notApplicable ? "(has none)" : field?.value)],
    ["SOURCE", ([, field]) => field?.source],
    ["AT", ([, field]) => field?.at],
  ]);
}

function requirementsTable({ requirements }: User): string {
  return textTable(requirements, [
    ["FIELD", ({ field }) => field],
    ["STATUS", ({ status }) => status],
    ["WHY", ({ reason }) => reason],
  ]);
}

async function explainUser({ argument, flag, isSet, gateway }: Invocation): Promise<Outcome> {
  const query = { at: flag("at"), reveal: isSet("reveal") ? "true" : undefined };
  const path = `${pathOf(argument("referenceId"))}/explain`;
  const explanation = await gateway.call<Explanation>({ as: "partner", method: "GET", path, query });
  return { document: explanation, text: explanationText(explanation) };
}

function explanationText(told: Explanation): string {
  const { referenceId, sequence, at, state } = told;
  return textSections([
    [`${referenceId} is ${state.state} (after event ${sequence}, ${at})`, [state.sentence, ...state.facts].join("\n")],
    ["Fields", told.fields.flatMap(({ sentence, losers }) => [sentence, ...losers.map(indented)]).join("\n")],
    ["Verified", told.verified?.sentence ?? ""],
    ["Worth a look", sentences(told.conflicts)],
    ["Missing", sentences(told.missing)],
    ["Data request", told.dataRequest.sentence],
    ["Transfers", sentences(told.operations)],
    ["A new link now", told.createNow.sentence],
    ["Who must act", told.next.map(({ who, sentence }) => `${who}: ${sentence}`).join("\n") || "Nobody."],
  ]);
}

function sentences(told: readonly { readonly sentence: string }[]): string {
  return told.map(({ sentence }) => sentence).join("\n");
}

function indented({ sentence }: { readonly sentence: string }): string {
  return `  ${sentence}`;
}

async function userHistory({ argument, flag, gateway }: Invocation): Promise<Outcome> {
  const query = { limit: flag("limit"), cursor: flag("cursor") };
  const path = `${pathOf(argument("referenceId"))}/history`;
  const page = await gateway.call<UserHistoryAnswer["data"]>({ as: "partner", method: "GET", path, query });
  const table = textTable(page.items, [
    ["#", ({ sequence }) => sequence],
    ["AT", ({ at }) => at],
    ["EVENT", ({ type }) => type],
    ["BY", ({ actor }) => (actor.id === null ? actor.kind : `${actor.kind} ${actor.id}`)],
    ["CAUSE", ({ cause }) => cause],
  ]);
  const more = page.nextCursor === null ? "" : `\nmore: --cursor ${page.nextCursor}`;
  return { document: page, text: `${table}${more}` };
}

function pathOf(referenceId: string): string {
  return `/partner/users/${encodeURIComponent(referenceId)}`;
}
