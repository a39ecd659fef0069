import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const BIOME = resolve(import.meta.dirname, "../../node_modules/@biomejs/biome/bin/biome");
const FINDING = /^::error title=lint\/\w+\/(\w+),file=([^,]*),line=(\d+)/;

export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
}

/** What the linter reports as errors in a folder that has a biome.json. Throws when the linter itself does not run. */
export async function lint(folder: string, settings: readonly string[] = []): Promise<Finding[]> {
  const given = ["lint", "--reporter=github", "--max-diagnostics=none", "--diagnostic-level=error", ...settings, "."];
  const { stdout, stderr, isClean } = await promisify(execFile)(process.execPath, [BIOME, ...given], {
    cwd: folder,
    maxBuffer: 64 * 1_048_576,
  }).then((output) => ({ ...output, isClean: true }), findingsOf);
  const findings = stdout.split("\n").flatMap((line) => {
    const [, rule, path, number] = FINDING.exec(line) ?? [];
    return rule && path ? [{ rule, path: path.replace(`${folder}/`, ""), line: Number(number) }] : [];
  });
  if (!isClean && findings.length === 0) throw new Error(stdout + stderr);
  return findings;
}

/** The linter ends with code 1 when it finds something; its findings are in its output all the same. */
function findingsOf(error: { code?: unknown; stdout?: string; stderr?: string }) {
  if (error.code !== 1) throw error;
  return { stdout: error.stdout ?? "", stderr: error.stderr ?? "", isClean: false };
}
