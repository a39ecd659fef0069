import type { CommandGroup } from "../command.ts";
import { renderCompletion } from "../completion.ts";

/** The command that prints completion of all commands, itself included. */
export function completionGroup(groups: () => readonly CommandGroup[]): CommandGroup {
  return {
    word: "completion",
    sentence: "A script that completes commands and flags in your shell.",
    commands: [
      {
        path: ["completion"],
        sentence: "A script that completes commands and flags in your shell.",
        arguments: [{ name: "shell", oneOf: ["bash", "zsh"], sentence: "bash or zsh." }],
        flags: [],
        settings: [],
        examples: ["source <(m2m completion bash)", "m2m completion zsh >> ~/.zshrc"],
        run: async ({ argument }) => {
          const shell = argument("shell") === "zsh" ? "zsh" : "bash";
          const script = renderCompletion(shell, groups());
          return { document: { shell, script }, text: script };
        },
      },
    ],
  };
}
