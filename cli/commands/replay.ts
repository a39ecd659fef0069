import type { ReplayAnswer, ReplaysAnswer } from "../../schemas/generated.ts";
import type { CommandEntry, CommandGroup, Invocation, Outcome } from "../command.ts";
import { givenInteger } from "../given-json.ts";
import { PAGE_FLAGS, pageOutcome, pageQuery } from "../paging.ts";
import { textRecord } from "../text-table.ts";

type Replay = ReplayAnswer["data"];

const PATH = "/partner/replays";
const REPLAY = { name: "replayId", sentence: "The replay's id." };
const SETTINGS_USED = ["url", "key"] as const;

export const replayGroup: CommandGroup = {
  word: "replay",
  sentence: "Send past events to an endpoint again, as a job that can be followed and stopped.",
  commands: [
    {
      path: ["replay", "create"],
      sentence: "Begin a replay.",
      arguments: [],
      flags: [
        { name: "endpoint", placeholder: "ID", isRequired: true, sentence: "To which endpoint." },
        { name: "from", placeholder: "TIME", sentence: "Events of that moment or later, in ISO 8601." },
        { name: "to", placeholder: "TIME", sentence: "Events of that moment or earlier; now when left out." },
        { name: "type", placeholder: "NAME", isRepeatable: true, sentence: "Only of these types." },
        { name: "reference", placeholder: "ID", sentence: "Only of this user." },
        {
          ...{ name: "status", placeholder: "WHICH", oneOf: ["all", "failed", "missing"] },
          sentence: "all, also what was delivered; failed, when left out; missing: failed or never made.",
        },
        { name: "rate", placeholder: "COUNT", sentence: "Deliveries per second at most." },
      ],
      settings: SETTINGS_USED,
      examples: ["m2m replay create --endpoint ep_acme_m4p7q1k3v9x2 --from 2026-01-31T09:30:00Z --rate 50"],
      run: createReplay,
    },
    {
      path: ["replay", "list"],
      sentence: "Replays and recoveries, newest first.",
      arguments: [],
      flags: PAGE_FLAGS,
      settings: SETTINGS_USED,
      examples: ["m2m replay list"],
      run: listReplays,
    },
    onOne("show", "One replay, and how far it is.", "GET"),
    onOne("pause", "Let a replay stand still.", "POST"),
    onOne("resume", "Go on with a paused one.", "POST"),
    onOne("cancel", "End a replay where it is.", "POST"),
  ],
};

function onOne(word: string, sentence: string, method: "GET" | "POST"): CommandEntry {
  const rest = { flags: [], settings: SETTINGS_USED, examples: [`m2m replay ${word} rpl_acme_k3v9x2m4p7q1`] };
  const run = async ({ argument, gateway }: Invocation) => {
    const path = `${PATH}/${encodeURIComponent(argument("replayId"))}`;
    const asked =
      method === "GET" ? ({ method, path } as const) : ({ method, path: `${path}/${word}`, body: {} } as const);
    return shown(await gateway.call<Replay>({ as: "partner", ...asked }));
  };
  return { path: ["replay", word], sentence, arguments: [REPLAY], ...rest, run };
}

async function createReplay({ flag, flags, gateway }: Invocation): Promise<Outcome> {
  const body = {
    ...{ endpointId: flag("endpoint"), from: flag("from"), to: flag("to"), referenceId: flag("reference") },
    ...{ status: flag("status"), rate: givenInteger("rate", flag("rate")) },
    ...(flags("type").length === 0 ? {} : { types: flags("type") }),
  };
  return shown(await gateway.call<Replay>({ as: "partner", method: "POST", path: PATH, body }));
}

async function listReplays(invocation: Invocation): Promise<Outcome> {
  const call = { as: "partner", method: "GET", path: PATH, query: pageQuery(invocation) } as const;
  return pageOutcome(await invocation.gateway.call<ReplaysAnswer["data"]>(call), [
    ["REPLAY ID", ({ replayId }) => replayId],
    ["KIND", ({ kind }) => kind],
    ["ENDPOINT", ({ endpointId }) => endpointId],
    ["STATE", ({ state }) => state],
    ["SENT AGAIN", ({ progress }) => progress.enqueued],
    ["REACHED", ({ progress }) => progress.reachedAt],
  ]);
}

function shown({ filter, progress, ...replay }: Replay): Outcome {
  return { document: { ...replay, filter, progress }, text: textRecord({ ...replay, ...filter, ...progress }) };
}
