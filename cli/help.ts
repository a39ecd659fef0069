import type { CommandEntry, CommandGroup, Flag } from "./command.ts";
import { OWN_FLAGS, settingFlagsOf } from "./global-flags.ts";

export const EXIT_CODES_SENTENCE = "Exit codes: 0 done, 1 refused, 2 wrong use, 3 a dependency is down.";

/** Help about everything, a group or one command, for a terminal. The words must be those of the table. */
export function renderHelp(words: readonly string[], groups: readonly CommandGroup[]): string {
  const group = groups.find(({ word }) => word === words[0]);
  if (group === undefined) return overview(groups);
  const entry = group.commands.find(({ path }) => path.length === 1 || (words.length === 2 && path[1] === words[1]));
  return entry === undefined ? groupHelp(group) : entryHelp(entry);
}

/** The command as it is typed, with its arguments and the flags that it cannot do without. */
export function usageOf({ path, arguments: words, flags }: CommandEntry): string {
  const required = flags.filter(({ isRequired }) => isRequired).map(flagUsage);
  const rest = flags.length > required.length ? ["[flags]"] : [];
  return ["m2m", ...path, ...words.map(({ name }) => `<${name}>`), ...required, ...rest].join(" ");
}

/** A flag as it is typed: `--reason TEXT`. */
export function flagUsage({ name, placeholder }: Flag): string {
  return placeholder === undefined ? `--${name}` : `--${name} ${placeholder}`;
}

/** What a flag is for, and what it may be. */
export function flagSentence({ sentence, oneOf, isRequired, isRepeatable }: Flag): string {
  const facts = [isRequired ? "required" : "", isRepeatable ? "may be repeated" : "", oneOf ? oneOf.join(" | ") : ""];
  const told = facts.filter((fact) => fact !== "");
  return told.length === 0 ? sentence : `${sentence} (${told.join("; ")})`;
}

function overview(groups: readonly CommandGroup[]): string {
  return [
    "m2m: operate the user lifecycle from the command line",
    "Usage: m2m <command> [flags]",
    `Commands:\n${lines(groups.map(({ word, commands, sentence }) => [commandWords(word, commands), sentence]))}`,
    `Flags of every command:\n${flagLines(OWN_FLAGS)}`,
    "Addresses and keys come from flags, else from the environment, else from the running local stack (`npm start`).\n" +
      `\`m2m <command> --help\` tells more. ${EXIT_CODES_SENTENCE}`,
  ].join("\n\n");
}

function commandWords(word: string, commands: readonly CommandEntry[]): string {
  const second = commands.flatMap(({ path }) => path[1] ?? []);
  return second.length === 0 ? word : `${word} ${second.join("|")}`;
}

function groupHelp({ word, sentence, commands }: CommandGroup): string {
  return [
    `m2m ${word}: ${sentence}`,
    `Commands:\n${lines(commands.map((entry) => [usageOf(entry), entry.sentence]))}`,
    `\`m2m ${word} <command> --help\` tells more.`,
  ].join("\n\n");
}

function entryHelp(entry: CommandEntry): string {
  const { arguments: words, flags, examples, sentence } = entry;
  const settings = settingFlagsOf(entry);
  return [
    sentence,
    `Usage: ${usageOf(entry)}`,
    ...(words.length === 0 ? [] : [`Arguments:\n${lines(words.map((one) => [`<${one.name}>`, one.sentence]))}`]),
    ...(flags.length === 0 ? [] : [`Flags:\n${flagLines(flags)}`]),
    ...(settings.length === 0 ? [] : [`Settings:\n${flagLines(settings)}`]),
    `Flags of every command:\n${flagLines(OWN_FLAGS)}`,
    ...(examples.length === 0 ? [] : [`Examples:\n${examples.map((example) => `  ${example}`).join("\n")}`]),
    EXIT_CODES_SENTENCE,
  ].join("\n\n");
}

function flagLines(flags: readonly Flag[]): string {
  return lines(flags.map((flag) => [flagUsage(flag), flagSentence(flag)]));
}

/** Wide left columns would push the sentences out of sight: they get a line of their own. */
const WIDEST = 46;

function lines(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.min(WIDEST, Math.max(...rows.map(([left]) => left.length)));
  return rows
    .map(([left, right]) =>
      left.length > width ? `  ${left}\n  ${"".padEnd(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
    )
    .join("\n");
}
