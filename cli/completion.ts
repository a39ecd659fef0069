import type { CommandEntry, CommandGroup } from "./command.ts";
import { OWN_FLAGS, settingFlagsOf } from "./global-flags.ts";

/** A script that completes commands, flags and their fixed values; load it with `source <(m2m completion bash)`. */
export function renderCompletion(shell: "bash" | "zsh", groups: readonly CommandGroup[]): string {
  return shell === "bash" ? bash(groups) : `autoload -U +X bashcompinit && bashcompinit\n${bash(groups)}`;
}

/** zsh reads bash's completions through bashcompinit; both then come from one text. */
function bash(groups: readonly CommandGroup[]): string {
  const entries = groups.flatMap(({ commands }) => commands);
  return `_m2m() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local first="\${COMP_WORDS[1]}" second="\${COMP_WORDS[2]}" words=""
  case "$previous" in
${valueCases(entries)}
  esac
  if [[ -z "$words" ]]; then
    if (( COMP_CWORD == 1 )); then words="${groups.map(({ word }) => word).join(" ")} help"
    else case "$first $second" in
${entries.map(entryCase).join("\n")}
      *) if (( COMP_CWORD == 2 )); then case "$first" in
${groups.flatMap(groupCase).join("\n")}
        esac; fi ;;
    esac; fi
  fi
  COMPREPLY=( $(compgen -W "$words" -- "$current") )
}
complete -o default -F _m2m m2m
`;
}

/** After a flag with fixed values come only those; one flag may have others in another command. */
function valueCases(entries: readonly CommandEntry[]): string {
  const fixed = entries.flatMap(({ flags }) => flags).filter(({ oneOf }) => oneOf !== undefined);
  const byName = Map.groupBy(fixed, ({ name }) => name);
  return [...byName]
    .map(([name, flags]) => {
      const values = [...new Set(flags.flatMap(({ oneOf = [] }) => oneOf))];
      return `    --${name}) words="${values.join(" ")}" ;;`;
    })
    .join("\n");
}

function entryCase(entry: CommandEntry): string {
  const { path, flags, arguments: words } = entry;
  const all = [...flags, ...settingFlagsOf(entry), ...OWN_FLAGS].map(({ name }) => `--${name}`);
  const values = words.flatMap(({ oneOf = [] }) => oneOf);
  return `      "${path.join(" ")}"${path.length === 1 ? '" "*' : ""}) words="${[...values, ...all].join(" ")}" ;;`;
}

function groupCase({ word, commands }: CommandGroup): readonly string[] {
  const second = commands.flatMap(({ path }) => path[1] ?? []);
  return second.length === 0 ? [] : [`          ${word}) words="${second.join(" ")}" ;;`];
}
