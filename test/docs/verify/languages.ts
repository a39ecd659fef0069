import { spawnSync } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A language that docs/verify has a snippet in, and how its driver is run over lines of cases. */
export interface Language {
  readonly name: string;
  /** Programs that must be there, with the argument that makes them say their version. */
  readonly needs: readonly (readonly [program: string, argument: string])[];
  /** Command lines, run one after another in a folder that has the snippet and its driver; the last one gets the cases. */
  readonly commands: readonly (readonly string[])[];
  readonly files: readonly [snippet: string, driver: string];
  /** The folder keeps the places of the repository, for a driver that names the snippet by its path. */
  readonly byPath: boolean;
}

const ROOT = join(import.meta.dirname, "..", "..", "..");

const byPath = (driver: string) => join(ROOT, "test/docs/verify", driver);

export const LANGUAGES: readonly Language[] = [
  {
    name: "Node",
    needs: [],
    commands: [[process.execPath, byPath("drive.mjs")]],
    files: ["verify.mjs", "drive.mjs"],
    byPath: true,
  },
  {
    name: "Python",
    needs: [["python3", "--version"]],
    commands: [["python3", byPath("drive.py")]],
    files: ["verify.py", "drive.py"],
    byPath: true,
  },
  {
    name: "PHP",
    needs: [["php", "--version"]],
    commands: [["php", byPath("drive.php")]],
    files: ["verify.php", "drive.php"],
    byPath: true,
  },
  {
    name: "Java",
    needs: [
      ["javac", "-version"],
      ["java", "-version"],
    ],
    commands: [
      ["javac", "Verify.java", "Drive.java"],
      ["java", "-cp", ".", "Drive"],
    ],
    files: ["Verify.java", "Drive.java"],
    byPath: false,
  },
  {
    name: "Go",
    needs: [["go", "version"]],
    commands: [["go", "run", "verify.go", "drive.go"]],
    files: ["verify.go", "drive.go"],
    byPath: false,
  },
  {
    name: "Ruby",
    needs: [["ruby", "--version"]],
    commands: [["ruby", byPath("drive.rb")]],
    files: ["verify.rb", "drive.rb"],
    byPath: true,
  },
];

/** Whether this machine can run the language's snippet. */
export function isHere({ needs }: Language): boolean {
  return needs.every(([program, argument]) => spawnSync(program, [argument]).status === 0);
}

/** What the language's snippet says of each line, in their order. Throws with what the program complained about. */
export async function verdictsOf(language: Language, lines: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "verify-"));
  try {
    if (!language.byPath) await copyFiles(language, folder);
    let output = "";
    for (const [program = "", ...args] of language.commands) {
      const input = `${lines.join("\n")}\n`;
      const done = spawnSync(program, args, { cwd: folder, input, encoding: "utf8" });
      if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.stderr}`);
      output = done.stdout;
    }
    return output.trimEnd().split("\n");
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function copyFiles({ files: [snippet, driver] }: Language, folder: string): Promise<void> {
  await cp(join(ROOT, "docs/verify", snippet), join(folder, snippet));
  await cp(join(ROOT, "test/docs/verify", driver), join(folder, driver));
}
