import type { PartnerItem } from "../../schemas/generated.ts";
import type { CommandGroup, Invocation, Outcome } from "../command.ts";
import { givenJson } from "../given-json.ts";
import { PAGE_FLAGS, type Paged, pageOutcome, pageQuery } from "../paging.ts";
import { textRecord } from "../text-table.ts";

const SLUG = { name: "slug", sentence: "The partner's slug: 2 to 32 small letters, digits or dashes." };
const SETTINGS_USED = ["url", "adminKey", "operator"] as const;

export const partnersGroup: CommandGroup = {
  word: "partners",
  sentence: "Make, list, shut out and let in partners.",
  commands: [
    {
      path: ["partners", "create"],
      sentence: "Make an active partner without keys; `m2m keys create` makes its first.",
      arguments: [SLUG],
      flags: [
        { name: "name", placeholder: "TEXT", sentence: "What it is called.", isRequired: true },
        { name: "settings", placeholder: "JSON", sentence: "Its settings, as JSON or @FILE; defaults for the rest." },
      ],
      settings: SETTINGS_USED,
      examples: [`m2m partners create acme --name "Acme Bank" --settings '{"maxCipAttempts":5}'`],
      run: createPartner,
    },
    {
      path: ["partners", "list"],
      sentence: "Partners, newest first.",
      arguments: [],
      flags: PAGE_FLAGS,
      settings: SETTINGS_USED,
      examples: ["m2m partners list --limit 100"],
      run: listPartners,
    },
    {
      path: ["partners", "suspend"],
      sentence: "Shut a partner out, for the very next command; confirmed transfers still finish.",
      arguments: [SLUG],
      flags: [],
      settings: SETTINGS_USED,
      examples: ["m2m partners suspend acme"],
      run: (invocation) => setSuspension(invocation, "suspend"),
    },
    {
      path: ["partners", "resume"],
      sentence: "Let a suspended partner in again.",
      arguments: [SLUG],
      flags: [],
      settings: SETTINGS_USED,
      examples: ["m2m partners resume acme"],
      run: (invocation) => setSuspension(invocation, "resume"),
    },
  ],
};

async function createPartner({ argument, flag, gateway }: Invocation): Promise<Outcome> {
  const settings = await givenJson("settings", flag("settings"));
  const body = { slug: argument("slug"), name: flag("name"), settings };
  return shown(await gateway.call<PartnerItem>({ as: "admin", method: "POST", path: "/admin/partners", body }));
}

async function listPartners(invocation: Invocation): Promise<Outcome> {
  const query = pageQuery(invocation);
  const call = { as: "admin", method: "GET", path: "/admin/partners", query } as const;
  return pageOutcome(await invocation.gateway.call<Paged<PartnerItem>>(call), [
    ["SLUG", ({ slug }) => slug],
    ["NAME", ({ name }) => name],
    ["STATUS", ({ status }) => status],
    ["CREATED", ({ createdAt }) => createdAt],
  ]);
}

async function setSuspension({ argument, gateway }: Invocation, verb: "suspend" | "resume"): Promise<Outcome> {
  const path = `/admin/partners/${encodeURIComponent(argument("slug"))}/${verb}`;
  return shown(await gateway.call<PartnerItem>({ as: "admin", method: "POST", path, body: {} }));
}

function shown(partner: PartnerItem): Outcome {
  const { slug, name, status, createdAt, updatedAt, settings } = partner;
  return { document: partner, text: textRecord({ slug, name, status, createdAt, updatedAt, ...settings }) };
}
