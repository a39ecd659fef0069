import { readFile } from "node:fs/promises";
import { DemoFailed } from "./demo/demo-failed.ts";
import { playJourney } from "./demo/journey.ts";
import { createStory } from "./demo/narrate.ts";
import { type Demo, demoFile } from "./stack-files.ts";
import { loadStackSettings } from "./stack-settings.ts";

/** `npm run demo`: the seed's journey against what `npm start` runs. Exit code 0, or 1 with the reason. */
const { dir } = loadStackSettings();
const story = createStory((line) => console.log(line));
try {
  const { gatewayUrl, apiKey } = await readDemo(dir);
  await playJourney({ gatewayUrl, apiKey, story });
  console.log(`\nThe journey is complete; all ${story.claims()} claims held.`);
} catch (error) {
  if (!(error instanceof DemoFailed)) throw error;
  console.error(`\nThe demo failed. ${error.message}.`);
  process.exitCode = 1;
}

async function readDemo(folder: string): Promise<Demo> {
  try {
    return JSON.parse(await readFile(demoFile(folder), "utf8")) as Demo;
  } catch (cause) {
    throw new DemoFailed(`There is no ${demoFile(folder)}: start the system with "npm start"`, { cause });
  }
}
