import { OPTIONS } from "../runtime/config.ts";
import type { Option, OptionTable } from "../runtime/options.ts";
import { markdownDocument, markdownTable } from "./print-table.ts";
import { STACK_OPTIONS } from "./stack-settings.ts";

/** docs/configuration.md: a row per environment variable. */
export function renderConfiguration(): string {
  return markdownDocument("Configuration", "runtime/config.ts and scripts/stack-settings.ts", [
    "Every process reads its settings from the environment when it starts; a blank variable counts as not set. All " +
      "problems are reported together, and a process that finds one does not start. A default in braces follows " +
      "another variable. What differs per partner is a setting of the partner.",
    tableOf(OPTIONS),
    "`npm start` and the other commands of the local stack read these too:",
    tableOf(STACK_OPTIONS),
  ]);
}

function tableOf(options: OptionTable): string {
  const rows = Object.entries<Option>(options).map(([name, option]) => [
    `\`${name}\``,
    typeOf(option),
    defaultOf(option),
    option.secret ? `${option.sentence} Secret: never shown in errors or logs.` : option.sentence,
  ]);
  return markdownTable(["variable", "type", "default", "what it does"], rows);
}

function typeOf(option: Option): string {
  if (option.oneOf) return option.oneOf.join(", ");
  if (option.protocols) return `URL (${option.protocols.join(", ")})`;
  if (option.minLength) return `${option.type}, at least ${option.minLength} characters`;
  if (option.type !== "integer") return option.type;
  return option.max === undefined ? `integer from ${option.min ?? 0}` : `integer ${option.min ?? 0} to ${option.max}`;
}

function defaultOf(option: Option): string {
  if (option.default === undefined) return option.optional ? "none" : "**required**";
  return Array.isArray(option.default) && option.default.length === 0 ? "empty" : `\`${String(option.default)}\``;
}
