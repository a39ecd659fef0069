import { createProgress } from "../stack/progress.ts";
import { loadStackSettings } from "./stack-settings.ts";
import { runToEnd, stopStack } from "./stack-stopping.ts";

/** `npm run stack:stop`: stops a running `npm start` from another terminal. The data stays. */
const progress = createProgress({ print: (line) => console.log(line) });
await runToEnd(progress, () => stopStack(loadStackSettings(), progress));
