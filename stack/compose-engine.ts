import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findOnPath } from "./find-on-path.ts";

/** Whether containers can be started, or half a sentence that says what is missing. */
export type ComposeEngine = { readonly kind: "found" } | { readonly kind: "missing"; readonly sentence: string };

const ANSWER_WITHIN_MS = 15_000;

/** Asks the docker client whether it has compose and whether an engine answers it. */
export async function findComposeEngine(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ComposeEngine> {
  const docker = await findOnPath("docker", environment["PATH"] ?? "");
  if (docker === undefined) return { kind: "missing", sentence: "there is no docker on the PATH" };
  if (!(await succeeds(docker, ["compose", "version"])))
    return { kind: "missing", sentence: "docker has no compose plugin" };
  if (!(await succeeds(docker, ["info"]))) return { kind: "missing", sentence: "no container engine answers docker" };
  return { kind: "found" };
}

async function succeeds(program: string, call: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, [...call], { timeout: ANSWER_WITHIN_MS });
    return true;
  } catch {
    // Whatever the reason, containers cannot be started this way: the caller says so.
    return false;
  }
}
