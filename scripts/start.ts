import { localProduct } from "./stack-product.ts";
import { runUntilStopped } from "./stack-run.ts";
import { summaryText } from "./stack-summary.ts";
import { startSystem } from "./stack-system.ts";

/** `npm start`: the local stack, the gateway, the consumers and the sandbox, in the foreground, until Ctrl-C. */
await runUntilStopped(async (context) => {
  const system = await startSystem(context, localProduct(context));
  const { dir, consumersPort } = context.settings;
  const processes = [...system.processes, ...system.stack.processes];
  console.log(summaryText({ dir, demo: system.prepared.demo, consumersPort, processes }));
  return system;
});
