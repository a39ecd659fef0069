import { composeUse, removeCompose } from "../stack/compose.ts";
import { createProgress } from "../stack/progress.ts";
import { removeData } from "../stack/remove-data.ts";
import { loadStackSettings } from "./stack-settings.ts";
import { runToEnd, stopStack } from "./stack-stopping.ts";

/** `npm run stack:reset`: stops a running `npm start` and deletes its data, its logs and its keys. */
const progress = createProgress({ print: (line) => console.log(line) });
await runToEnd(progress, async () => {
  const settings = loadStackSettings();
  await stopStack(settings, progress);
  if ((await composeUse(settings.dir)) !== "never") await removeCompose(settings);
  await removeData(settings.dir);
  progress.say(`deleted ${settings.dir}`);
});
