import type { KeyCreatedAnswer, KeyItem } from "../../schemas/generated.ts";
import type { CommandGroup, Flag, Invocation, Outcome } from "../command.ts";
import { PAGE_FLAGS, type Paged, pageOutcome, pageQuery } from "../paging.ts";
import { textRecord } from "../text-table.ts";

const PARTNER: Flag = { name: "partner", placeholder: "SLUG", sentence: "Whose keys." };
const SETTINGS_USED = ["url", "adminKey", "operator"] as const;

export const keysGroup: CommandGroup = {
  word: "keys",
  sentence: "Make, list and revoke partners' keys.",
  commands: [
    {
      path: ["keys", "create"],
      sentence: "Make a key. Its text is shown only here.",
      arguments: [],
      flags: [
        { ...PARTNER, sentence: "Whose key it is.", isRequired: true },
        {
          ...{ name: "environment", placeholder: "WORLD", oneOf: ["test", "live"], isRequired: true },
          sentence: "test and live are separate worlds.",
        },
        {
          ...{ name: "permission", placeholder: "NAME", isRepeatable: true },
          oneOf: ["links:write", "users:write", "read", "webhooks:write", "pii:read"],
          sentence: "What it may do; all but pii:read when left out.",
        },
      ],
      settings: SETTINGS_USED,
      examples: [
        "m2m keys create --partner acme --environment test",
        "m2m keys create --partner acme --environment live --permission read --permission pii:read",
      ],
      run: createKey,
    },
    {
      path: ["keys", "list"],
      sentence: "Keys by their prefix, newest first; revoked ones too.",
      arguments: [],
      flags: [PARTNER, ...PAGE_FLAGS],
      settings: SETTINGS_USED,
      examples: ["m2m keys list --partner acme"],
      run: listKeys,
    },
    {
      path: ["keys", "revoke"],
      sentence: "Revoke a key; effective everywhere within a second.",
      arguments: [{ name: "keyId", sentence: "As `m2m keys list` shows it." }],
      flags: [],
      settings: SETTINGS_USED,
      examples: ["m2m keys revoke key_acme_k3v9x2m4p7q1"],
      run: revokeKey,
    },
  ],
};

async function createKey({ flag, flags, gateway, note }: Invocation): Promise<Outcome> {
  const permissions = flags("permission");
  const body = {
    partner: flag("partner"),
    environment: flag("environment"),
    ...(permissions.length === 0 ? {} : { permissions }),
  };
  const call = { as: "admin", method: "POST", path: "/admin/keys", body } as const;
  const made = await gateway.call<KeyCreatedAnswer["data"]>(call);
  note("Keep the key now: it is not shown again.");
  const { warnings: _, ...facts } = made;
  return { document: made, text: textRecord(facts) };
}

async function listKeys(invocation: Invocation): Promise<Outcome> {
  const query = { partner: invocation.flag("partner"), ...pageQuery(invocation) };
  const call = { as: "admin", method: "GET", path: "/admin/keys", query } as const;
  return pageOutcome(await invocation.gateway.call<Paged<KeyItem>>(call), [
    ["KEY ID", ({ keyId }) => keyId],
    ["PARTNER", ({ partner }) => partner],
    ["WORLD", ({ environment }) => environment],
    ["PREFIX", ({ prefix }) => prefix],
    ["LAST USED", ({ lastUsedAt }) => lastUsedAt],
    ["REVOKED", ({ revokedAt }) => revokedAt],
    ["PERMISSIONS", ({ permissions }) => permissions],
  ]);
}

async function revokeKey({ argument, gateway }: Invocation): Promise<Outcome> {
  const path = `/admin/keys/${encodeURIComponent(argument("keyId"))}/revoke`;
  const { warnings: _, ...revoked } = await gateway.call<KeyItem>({ as: "admin", method: "POST", path, body: {} });
  return { document: revoked, text: textRecord({ ...revoked }) };
}
