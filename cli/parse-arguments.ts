import { type ParseArgsConfig, parseArgs } from "node:util";
import type { CommandEntry, CommandGroup, Flag } from "./command.ts";
import { wrongUse } from "./command-failed.ts";
import { everyFlagOf, GLOBAL_FLAGS } from "./global-flags.ts";

/** What was typed: a command with its words, or the wish to see help (of everything, a group or one command). */
export type Parsed =
  | { readonly kind: "help"; readonly words: readonly string[]; readonly isAsked: boolean }
  | { readonly kind: "run"; readonly entry: CommandEntry; readonly given: Given };

export interface Given {
  readonly arguments: Readonly<Record<string, string>>;
  readonly flags: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
}

/** Reads a command line by the table. @throws CommandFailed (wrong use) that names the word and what was expected. */
export function parseArguments(argv: readonly string[], groups: readonly CommandGroup[]): Parsed {
  const words = leadingWords(argv);
  const help = (about: readonly string[], isAsked = true): Parsed => ({
    ...{ kind: "help", words: knownWords(about, groups), isAsked },
  });
  if (words[0] === "help") return help(words.slice(1));
  if (words.length === 0 || argv.includes("--help") || argv.includes("-h")) return help(words);
  const entry = entryOf(words, groups);
  if (entry === undefined) return help(words, false);
  const { values, positionals } = readFlags(argv, entry);
  return { kind: "run", entry, given: { arguments: argumentsOf(entry, positionals), flags: checked(entry, values) } };
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The words before anything that only a command could explain. */
function leadingWords(argv: readonly string[]): readonly string[] {
  const options = optionsOf(GLOBAL_FLAGS);
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  return tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
}

function entryOf(words: readonly string[], groups: readonly CommandGroup[]): CommandEntry | undefined {
  const group = groupOf(words[0] ?? "", groups);
  const single = group.commands.find(({ path }) => path.length === 1);
  if (single !== undefined || words.length === 1) return single;
  const found = group.commands.find(({ path }) => path[1] === words[1]);
  if (found !== undefined) return found;
  const known = group.commands.map(({ path }) => path[1] ?? "");
  throw wrongUse(
    `There is no command "${group.word} ${words[1]}"${nearest(words[1] ?? "", known)}`,
    `See \`m2m ${group.word} --help\``,
  );
}

function groupOf(word: string, groups: readonly CommandGroup[]): CommandGroup {
  const group = groups.find((one) => one.word === word);
  if (group !== undefined) return group;
  const known = groups.map((one) => one.word);
  throw wrongUse(`There is no command "${word}"${nearest(word, known)}`);
}

/** What help is about: as many of the words as are known. @throws for a first word that is not. */
function knownWords(words: readonly string[], groups: readonly CommandGroup[]): readonly string[] {
  if (words[0] === undefined) return [];
  const { word, commands } = groupOf(words[0], groups);
  return commands.some(({ path }) => path.length === 2 && path[1] === words[1]) ? words.slice(0, 2) : [word];
}

function readFlags(argv: readonly string[], entry: CommandEntry) {
  try {
    return parseArgs({ args: [...argv], options: optionsOf(everyFlagOf(entry)), allowPositionals: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [sentence] = error.message.split(/\. To specify|\.? Did you/);
    throw wrongUse(sentence ?? error.message, `See \`m2m ${entry.path.join(" ")} --help\``);
  }
}

function optionsOf(flags: readonly Flag[]): Options {
  return Object.fromEntries(
    flags.map(({ name, placeholder, isRepeatable }) => [
      name,
      { type: placeholder === undefined ? "boolean" : "string", ...(isRepeatable ? { multiple: true } : {}) } as const,
    ]),
  );
}

function argumentsOf(entry: CommandEntry, positionals: readonly string[]): Readonly<Record<string, string>> {
  const words = positionals.slice(entry.path.length);
  const help = `See \`m2m ${entry.path.join(" ")} --help\``;
  const surplus = words[entry.arguments.length];
  if (surplus !== undefined) throw wrongUse(`"${surplus}" is one word too many`, help);
  return Object.fromEntries(
    entry.arguments.map(({ name, sentence, oneOf }, index) => {
      const word = words[index];
      if (word === undefined || word === "") throw wrongUse(`<${name}> is missing: ${sentence}`, help);
      if (oneOf && !oneOf.includes(word)) throw wrongUse(`<${name}> must be one of ${oneOf.join(", ")}`, help);
      return [name, word];
    }),
  );
}

function checked(entry: CommandEntry, flags: Given["flags"]): Given["flags"] {
  const help = `See \`m2m ${entry.path.join(" ")} --help\``;
  for (const { name, oneOf, isRequired, sentence } of everyFlagOf(entry)) {
    const values = [flags[name] ?? []].flat();
    if (isRequired && values.length === 0) throw wrongUse(`--${name} is missing: ${sentence}`, help);
    const wrong = values.find((value) => oneOf !== undefined && !oneOf.includes(String(value)));
    if (wrong !== undefined) throw wrongUse(`--${name} must be one of ${oneOf?.join(", ")}`, help);
  }
  return flags;
}

/** ", did you mean …?" for a word that is at most two letters off. */
function nearest(word: string, known: readonly string[]): string {
  const [best] = known.map((one) => [one, distance(word, one)] as const).toSorted((a, b) => a[1] - b[1]);
  return best !== undefined && best[1] <= 2 ? `; did you mean "${best[0]}"?` : "";
}

/** How many letters have to be put in, taken out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
