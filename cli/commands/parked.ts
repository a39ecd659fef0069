import type { ParkedItem, ParkedMessageAnswer } from "../../schemas/generated.ts";
import type { CommandGroup, Invocation, Outcome } from "../command.ts";
import { PAGE_FLAGS, type Paged, pageOutcome, pageQuery } from "../paging.ts";
import { textRecord } from "../text-table.ts";

type ParkedMessage = ParkedMessageAnswer["data"];

const PARKED = { name: "parkedId", sentence: "As `m2m parked list` shows it." };
const SETTINGS_USED = ["url", "adminKey", "operator"] as const;

export const parkedGroup: CommandGroup = {
  word: "parked",
  sentence: "Messages that could not be handled: see, replay or drop them.",
  commands: [
    {
      path: ["parked", "list"],
      sentence: "Parked messages, newest first.",
      arguments: [],
      flags: [
        {
          ...{ name: "status", placeholder: "STATUS", oneOf: ["parked", "replayed", "dropped"] },
          sentence: "Only those; `parked` waits for a person.",
        },
        ...PAGE_FLAGS,
      ],
      settings: SETTINGS_USED,
      examples: ["m2m parked list --status parked"],
      run: listParked,
    },
    {
      path: ["parked", "show"],
      sentence: "Why one was parked, where it came from and what became of it.",
      arguments: [PARKED],
      flags: [{ name: "bytes", sentence: "Also the message itself, which may hold personal values." }],
      settings: SETTINGS_USED,
      examples: ["m2m parked show 42 --bytes"],
      run: showParked,
    },
    {
      path: ["parked", "replay"],
      sentence: "Publish it again, to the topic and under the key it had.",
      arguments: [PARKED],
      flags: [],
      settings: SETTINGS_USED,
      examples: ["m2m parked replay 42"],
      run: (invocation) => settle(invocation, "replay", {}),
    },
    {
      path: ["parked", "drop"],
      sentence: "Settle it without doing anything.",
      arguments: [PARKED],
      flags: [{ name: "reason", placeholder: "TEXT", isRequired: true, sentence: "Why, for the record." }],
      settings: SETTINGS_USED,
      examples: ['m2m parked drop 42 --reason "sent by a test"'],
      run: (invocation) => settle(invocation, "drop", { reason: invocation.flag("reason") }),
    },
  ],
};

async function listParked(invocation: Invocation): Promise<Outcome> {
  const query = { status: invocation.flag("status"), ...pageQuery(invocation) };
  const call = { as: "admin", method: "GET", path: "/admin/parked", query } as const;
  return pageOutcome(await invocation.gateway.call<Paged<ParkedItem>>(call), [
    ["PARKED ID", ({ parkedId }) => parkedId],
    ["STATUS", ({ status }) => status],
    ["PARKED AT", ({ parkedAt }) => parkedAt],
    ["BY", ({ consumer }) => consumer],
    ["FROM", ({ original }) => `${original.topic}/${original.partition}/${original.offset}`],
    ["REASON", ({ reason }) => reason],
  ]);
}

async function showParked({ argument, isSet, gateway }: Invocation): Promise<Outcome> {
  const call = { as: "admin", method: "GET", path: pathOf(argument("parkedId")) } as const;
  const { rawBase64, ...facts } = await gateway.call<ParkedMessage>(call);
  if (!isSet("bytes")) return { document: facts, text: textRecord({ ...facts }) };
  return { document: { ...facts, rawBase64 }, text: textRecord({ ...facts, message: readable(rawBase64) }) };
}

/** The wire format puts five bytes before the JSON; bytes that are no text stay base64. */
function readable(rawBase64: string | null): string {
  const bytes = Buffer.from(rawBase64 ?? "", "base64");
  const text = (bytes[0] === 0 ? bytes.subarray(5) : bytes).toString("utf8");
  return text.includes("\uFFFD") ? (rawBase64 ?? "") : text;
}

async function settle({ argument, gateway }: Invocation, verb: "replay" | "drop", body: object): Promise<Outcome> {
  const path = `${pathOf(argument("parkedId"))}/${verb}`;
  const settled = await gateway.call<Readonly<Record<string, unknown>>>({ as: "admin", method: "POST", path, body });
  return { document: settled, text: textRecord(settled) };
}

function pathOf(parkedId: string): string {
  return `/admin/parked/${encodeURIComponent(parkedId)}`;
}
