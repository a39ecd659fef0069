import type { CommandEntry, Flag } from "./command.ts";
import { SETTINGS, type Setting, type SettingName } from "./settings.ts";

/** What every command understands besides settings. */
export const OWN_FLAGS: readonly Flag[] = [
  { name: "json", sentence: "One JSON document instead of text; one per line from commands that go on for ever." },
  { name: "verbose", sentence: "Say which settings are used and where they come from." },
  { name: "help", sentence: "Show help instead of doing anything." },
];

/** Everything that may stand before the command's words. */
export const GLOBAL_FLAGS: readonly Flag[] = [...OWN_FLAGS, ...Object.values<Setting>(SETTINGS).map(settingFlag)];

/** Every flag that a command understands, its own first. */
export function everyFlagOf({ flags }: CommandEntry): readonly Flag[] {
  return [...flags, ...GLOBAL_FLAGS];
}

/** The flags of the settings that a command uses. */
export function settingFlagsOf({ settings }: CommandEntry): readonly Flag[] {
  return settings.map((name: SettingName) => settingFlag(SETTINGS[name]));
}

function settingFlag({ flag, placeholder, variable, sentence }: Setting): Flag {
  return { name: flag, placeholder, sentence: `${sentence} (${variable})` };
}
