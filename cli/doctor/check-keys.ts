import { stat } from "node:fs/promises";
import { join } from "node:path";
import { OPTIONS } from "../../runtime/config.ts";
import type { MeAnswer } from "../../schemas/generated.ts";
import type { Invocation } from "../command.ts";
import { CommandFailed } from "../command-failed.ts";
import type { GatewayCall } from "../gateway-client.ts";
import { down, type Finding, fine, wrong } from "./finding.ts";

type Asking = Pick<Invocation, "gateway" | "settings">;

/** Whether the keys open what they should, and secrets are long enough and for their owner's eyes only. */
export async function checkKeys(asking: Asking): Promise<readonly Finding[]> {
  const found = await Promise.all([checkPartnerKey(asking), checkAdminKey(asking), checkFiles(asking)]);
  return [...found, checkServerSecret(asking)];
}

async function checkPartnerKey({ gateway, settings }: Asking): Promise<Finding> {
  const name = "partner key";
  if (settings.find("key") === undefined) return notChecked(name, "none is given with --key or API_KEY");
  const call: GatewayCall = { as: "partner", method: "GET", path: "/partner/me" };
  const ask = async () => {
    const { slug, environment, status } = await gateway.call<MeAnswer["data"]>(call);
    return fine(name, `is of ${slug}, environment ${environment}, ${status}`);
  };
  return ask().catch((error: unknown) => refusedKey(name, error));
}

async function checkAdminKey({ gateway, settings }: Asking): Promise<Finding> {
  const name = "admin key";
  if (settings.find("adminKey") === undefined) return notChecked(name, "none is given with --admin-key or ADMIN_KEY");
  const call: GatewayCall = { as: "admin", method: "GET", path: "/admin/partners", query: { limit: "1" } };
  const ask = async () => {
    await gateway.call(call);
    return fine(name, "opens the admin API");
  };
  return ask().catch((error: unknown) => refusedKey(name, error));
}

function notChecked(name: string, detail: string): Finding {
  return { name, state: "not checked", detail, wayOut: null };
}

function refusedKey(name: string, error: unknown): Finding {
  if (!(error instanceof CommandFailed)) throw error;
  const wayOut = error.wayOut ?? "See docs/errors.md";
  if (error.kind === "dependency_down") return down(name, error, wayOut);
  return wrong(name, `${error.code}: ${error.message}`, wayOut);
}

function checkServerSecret({ settings }: Asking): Finding {
  const name = "server secret";
  const secret = settings.environment["SERVER_SECRET"]?.trim();
  if (!secret) return notChecked(name, "SERVER_SECRET is not in this environment");
  const { minLength } = OPTIONS.SERVER_SECRET;
  const isVaried = new Set(secret).size >= 8;
  if (secret.length >= minLength && isVaried) return fine(name, "long and varied enough");
  const wayOut = "Make one with `openssl rand -hex 32`; a new one ends every link's address and stored secret";
  return wrong(name, `must have at least ${minLength} characters, of 8 kinds`, wayOut);
}

const SECRET_FILES = ["demo.json", "secrets.json"];
const OTHERS = 0o077;

async function checkFiles({ settings }: Asking): Promise<Finding> {
  const name = "secret files";
  const files = SECRET_FILES.map((file) => join(settings.stackDir, file));
  const modes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mode }) => mode,
        () => null,
      ),
    ),
  );
  if (modes.every((mode) => mode === null)) return notChecked(name, "there is no local stack here");
  const open = files.filter((_, index) => ((modes[index] ?? 0) & OTHERS) !== 0);
  if (open.length === 0) return fine(name, "readable by their owner only");
  return wrong(name, `others may read ${open.join(", ")}`, `Run \`chmod 600 ${open.join(" ")}\``);
}
