import { systemClock } from "../runtime/clock.ts";
import { currentEnvironment } from "../runtime/config.ts";
import { run } from "./run.ts";

/** `npx m2m …`, started by bin/m2m.js. */
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stopping.abort());
// A reader that has seen enough (`| head`) closes the pipe.
process.stdout.on("error", () => process.exit());

process.exitCode = await run(process.argv.slice(2), {
  environment: currentEnvironment(),
  clock: systemClock,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  stop: stopping.signal,
});
