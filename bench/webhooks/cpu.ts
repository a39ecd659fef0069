import { readFile } from "node:fs/promises";
import { descendants } from "../../stack/process-table.ts";

/** What Linux counts processor time in: USER_HZ, 100 on every platform Node runs on. */
const TICKS_PER_SECOND = 100;
/** Places in /proc/<pid>/stat behind the name: utime, stime, and the same of children that were waited for. */
const TIMES = [11, 12, 13, 14];

/** Processor seconds that these processes and all their descendants have used so far, ended children included. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  const families = await Promise.all(pids.map(async (pid) => [pid, ...(await descendants(pid))]));
  const ticks = await Promise.all([...new Set(families.flat())].map(ticksOf));
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

async function ticksOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  if (text === "") return 0;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return TIMES.reduce((sum, place) => sum + Number(fields[place]), 0);
}
