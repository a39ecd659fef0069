import type { CreateLink } from "../../domain/commands.ts";
import { newId } from "../../runtime/ids.ts";
import { changedRows, type TableName } from "./changed-rows.ts";
import { type DecidingSettings, decideAlone, type Loaded } from "./decide-alone.ts";

/** The rows of a new link as JSON text, by table, in the order in which they can be inserted. */
export type RowTexts = readonly (readonly [TableName, readonly string[]])[];

/**
 * Decides one command with the rules, once, and from then on makes the rows of any other new link of a new user by putting
 * the other's ids and values in their places: what is left when nothing is decided.
 */
export function createRowTemplate(command: CreateLink, loaded: Loaded, settings: DecidingSettings) {
  const { added } = changedRows(decideAlone(command, loaded, settings));
  const texts = added.map(([table, rows]) => [table, rows.map((row) => JSON.stringify(row))] as const);
  const whole = JSON.stringify(added);
  const ids = [...new Set(whole.match(/\b(?:user|link|evt)_[a-z0-9-]+_[a-z0-9]{12}\b/g) ?? [])];
  const hash = /"identity_hash":"([^"]+)"/.exec(whole)?.[1] ?? "";
  const places = [command.referenceId, command.commandId, ...told(command), ...ids, hash];
  const split = splitter(places);
  const parts = texts.map(([table, rows]) => [table, rows.map(split)] as const);
  return (other: CreateLink): RowTexts => {
    const fresh = ids.map((id) => newId(id.split("_")[0] as "user" | "link" | "evt", other.partner));
    const own = [other.referenceId, other.commandId, ...told(other), ...fresh, other.commandId];
    const join = (row: readonly (string | number)[]) =>
      row.map((part) => (typeof part === "number" ? own[part] : part)).join("");
    return parts.map(([table, rows]) => [table, rows.map(join)] as const);
  };
}

/** The values in which the commands of the benchmark differ. */
function told({ values }: CreateLink): readonly string[] {
  const { paymentMethod, idNumber } = values;
  const account =
    typeof paymentMethod === "object" && "bankAccount" in paymentMethod ? paymentMethod.bankAccount : null;
  return [String(idNumber), account?.accountNumber ?? ""];
}

/** A text as what stays and, as numbers, which of the places stands where. */
function splitter(places: readonly string[]) {
  const longestFirst = places.filter((place) => place !== "").toSorted((left, right) => right.length - left.length);
  const pattern = new RegExp(`(${longestFirst.map((place) => place.replaceAll(/[^\w]/g, "\\$&")).join("|")})`);
  return (text: string): readonly (string | number)[] =>
    text.split(pattern).map((part) => (places.includes(part) && part !== "" ? places.indexOf(part) : part));
}
