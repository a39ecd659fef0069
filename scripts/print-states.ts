import { DATA_REQUEST_TRANSITIONS } from "../domain/data-request/states.ts";
import { LINK_TRANSITIONS } from "../domain/link/states.ts";
import { OPERATION_TRANSITIONS } from "../domain/operation/states.ts";
import { USER_TRANSITIONS } from "../domain/user/states.ts";
import { markdownDocument, markdownTable } from "./print-table.ts";

type Transitions = Readonly<Record<string, readonly string[]>>;

const MACHINES: readonly { readonly title: string; readonly file: string; readonly moves: Transitions }[] = [
  { title: "User", file: "domain/user/states.ts", moves: USER_TRANSITIONS },
  { title: "Link", file: "domain/link/states.ts", moves: LINK_TRANSITIONS },
  { title: "Data request", file: "domain/data-request/states.ts", moves: DATA_REQUEST_TRANSITIONS },
  { title: "Operation", file: "domain/operation/states.ts", moves: OPERATION_TRANSITIONS },
];

/** docs/states.md: per thing that has states, a picture and a table of the legal moves. */
export function renderStates(): string {
  const sections = MACHINES.flatMap(({ title, file, moves }) => [
    `## ${title}`,
    `From [${file}](../${file}).`,
    picture(moves),
    markdownTable(["from", "to"], Object.entries(moves).map(row)),
  ]);
  return markdownDocument("States", "the transition tables in domain/", [
    "Every move that is not here is refused, whoever asks for it.",
    ...sections,
  ]);
}

function picture(moves: Transitions): string {
  const arrows = Object.entries(moves).flatMap(([from, targets]) =>
    targets.length === 0 ? [`  ${from} --> [*]`] : targets.map((to) => `  ${from} --> ${to}`),
  );
  return ["```mermaid", "stateDiagram-v2", `  [*] --> ${Object.keys(moves)[0]}`, ...arrows, "```"].join("\n");
}

function row([from, targets]: [string, readonly string[]]): string[] {
  return [`\`${from}\``, targets.map((to) => `\`${to}\``).join(", ") || "final"];
}
