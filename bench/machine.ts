import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";

/** What figures depend on. */
export interface Machine {
  readonly processors: string;
  readonly memoryGiB: number;
  readonly node: string;
  readonly platform: string;
  /** Average over a minute, when the benchmark began: what else was going on. */
  readonly loadAtStart: number;
  /** The commit, with a plus behind it when files differ from it. */
  readonly commit: string;
}

/** This machine, now. */
export function thisMachine(): Machine {
  const [processor] = cpus();
  return {
    processors: `${cpus().length} × ${processor?.model.trim()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    loadAtStart: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    commit: commit(),
  };
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, {
      encoding: "utf8",
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const isChanged =
      git("status", "--porcelain", "--untracked-files=no", "--", "..", ":!results", ":!*.md").length > 0;
    return `${git("rev-parse", "--short", "HEAD")}${isChanged ? "+" : ""}`;
  } catch {
    return "unknown";
  }
}
