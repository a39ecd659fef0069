import { createProgress } from "../stack/progress.ts";
import { configurationIn, prepareProduct } from "./stack-preparation.ts";
import { loadStackSettings } from "./stack-settings.ts";
import { runToEnd } from "./stack-stopping.ts";

/** What `npm start` does before it starts the processes, alone: for containers, where something else starts them. */
const progress = createProgress({ print: (line) => console.log(line) });
await runToEnd(progress, async () => {
  const { dir, environment } = loadStackSettings();
  const done = progress.waitFor("tables, topics, schemas and the demo partner");
  const demo = await prepareProduct(dir, configurationIn(environment)).finally(done);
  progress.say("tables, topics, schemas and the demo partner are there");
  progress.say(`demo key: ${demo.apiKey} (partner acme, environment test) for ${demo.gatewayUrl}`);
});
