#!/usr/bin/env node
// `npx m2m`, whatever Node the machine has: the command itself runs on the Node that this project brings along. Where
// that was not installed, as in the container image, on this one, which is new enough there.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const own = join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", "node");
const node = existsSync(own) ? own : process.execPath;
const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
// kafkajs asks for a timeout below zero once per connection; it is harmless and nothing that a person should read.
const args = ["--disable-warning=TimeoutNegativeWarning", main, ...process.argv.slice(2)];
const child = spawn(node, args, { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", () => {
  process.stderr.write("m2m: the Node of this project does not start; run `npm ci` in its folder\n");
  process.exitCode = 3;
});
child.on("exit", (code) => {
  process.exitCode = code ?? 3;
});
