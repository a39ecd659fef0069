import { resolve } from "node:path";
import { startLocalStack } from "../stack/local-stack.ts";
import { createProgress } from "../stack/progress.ts";
import { StackError } from "../stack/stack-error.ts";
const progress = createProgress({ print: (line) => process.stdout.write(`${line}\n`) });
const dir = resolve(process.env["STACK_DIR"] ?? ".stack");
try {
  const stack = await startLocalStack({ dir, progress, mode: "auto", environment: process.env, ports: { postgres: 55432, redis: 56379, kafka: 59092, registry: 58081 } });
  progress.say("up");
  console.log(stack);
  const stop = async () => { await stack.stop(); progress.say("stopped"); process.exit(0); };
  process.once("SIGINT", stop); process.once("SIGTERM", stop);
  stack.broken.then((s) => { console.log(s); });
} catch (error) {
  console.error(error instanceof StackError ? error.message : error);
  process.exit(1);
}
setInterval(() => {}, 100000);
