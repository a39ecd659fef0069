import type { CommandEntry, CommandGroup, Flag } from "../cli/command.ts";
import { COMMANDS } from "../cli/commands.ts";
import { OWN_FLAGS } from "../cli/global-flags.ts";
import { EXIT_CODES_SENTENCE, flagSentence, flagUsage, usageOf } from "../cli/help.ts";
import { SETTINGS, type Setting } from "../cli/settings.ts";
import { markdownDocument, markdownTable } from "./print-table.ts";

/** docs/cli.md: settings, then every command with its arguments, flags and examples. */
export function renderCli(): string {
  const settings = Object.values<Setting>(SETTINGS).map((setting) => [
    `\`--${setting.flag} ${setting.placeholder}\``,
    `\`${setting.variable}\``,
    setting.demo === undefined ? "" : `\`${setting.demo}\``,
    setting.default === undefined ? "" : `\`${setting.default}\``,
    setting.sentence,
  ]);
  return markdownDocument("The command line", "cli/commands.ts", [
    "`npx m2m …`, or `npm run m2m -- …`, in the project's folder; it runs on the Node that the project brings along. " +
      "`m2m --help` and `m2m <command> --help` say the same as this page; `m2m completion bash` completes it.",
    `${EXIT_CODES_SENTENCE} With \`--json\` standard output is one JSON document (from \`listen\`: one per line), also ` +
      'when something fails: `{"error":{"kind","code","message","wayOut", …}}`.',
    "## Settings",
    "A flag, else an environment variable, else what the running local stack wrote into `.stack/demo.json`, else a " +
      "default. The local stack's keys are used with the local stack's gateway only. `--verbose` tells what is used.",
    markdownTable(["flag", "variable", "in demo.json", "default", "what it is"], settings),
    "## Flags of every command",
    flagTable(OWN_FLAGS),
    ...COMMANDS.flatMap(renderGroup),
  ]);
}

function renderGroup({ word, sentence, commands }: CommandGroup): readonly string[] {
  return [`## ${word}`, sentence, ...commands.flatMap(renderEntry)];
}

function renderEntry(entry: CommandEntry): readonly string[] {
  const { path, sentence, arguments: words, flags, settings, examples } = entry;
  const given = [
    ...words.map(({ name, sentence: meaning }) => [`\`<${name}>\``, meaning]),
    ...flags.map((flag) => [`\`${flagUsage(flag)}\``, flagSentence(flag)]),
  ];
  const uses = settings.map((name) => `\`--${SETTINGS[name].flag}\``).join(", ");
  return [
    `### m2m ${path.join(" ")}`,
    sentence,
    `\`\`\`\n${usageOf(entry)}\n\`\`\``,
    ...(given.length === 0 ? [] : [markdownTable(["", "what it is"], given)]),
    ...(uses === "" ? [] : [`Settings: ${uses}.`]),
    ...(examples.length === 0 ? [] : [`For example:\n\n\`\`\`\n${examples.join("\n")}\n\`\`\``]),
  ];
}

function flagTable(flags: readonly Flag[]): string {
  return markdownTable(
    ["flag", "what it does"],
    flags.map((flag) => [`\`${flagUsage(flag)}\``, flagSentence(flag)]),
  );
}
