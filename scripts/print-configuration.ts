import { OPTIONS } from "../runtime/config.ts";
import type { Option } from "../runtime/options.ts";
import { markdownDocument, markdownTable } from "./print-table.ts";

/** docs/configuration.md: a row per environment variable. */
export function renderConfiguration(): string {
  const rows = Object.entries<Option>(OPTIONS).map(([name, option]) => [
    `\`${name}\``,
    typeOf(option),
    defaultOf(option),
    option.secret ? `${option.sentence} Secret: never shown in errors or logs.` : option.sentence,
  ]);
  return markdownDocument("Configuration", "runtime/config.ts", [
    "Every process reads its settings from the environment when it starts; a blank variable counts as not set. All " +
      "problems are reported together, and a process that finds one does not start. A default in braces follows " +
      "another variable. What differs per partner is a setting of the partner.",
    markdownTable(["variable", "type", "default", "what it does"], rows),
  ]);
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
