import type { UserRecord } from "../../domain/decision.ts";
import { statusAt } from "../../domain/link/states.ts";
import { markdownTable } from "../../scripts/print-table.ts";
import { type Play, Refused } from "../support/domain.ts";
import { BASIC_DATA } from "../support/domain-commands.ts";
import { createStages, POSITIONS, SITUATIONS } from "./behaviour-stages.ts";

/** Something that is tried, and how it is told. */
interface Attempt {
  readonly title: string;
  readonly run: (stage: Play) => unknown;
  /** Whether there is anything to try it on; otherwise the cell is empty. */
  readonly isPossible?: (stage: Play) => boolean;
}

const ATTEMPTS: readonly Attempt[] = [
  { title: "CreateLink", run: (stage) => stage.create() },
  { title: "CreateLink, onActive return", run: (stage) => stage.create({ onActive: "return" }) },
  { title: "CreateLink, onActive replace", run: (stage) => stage.create({ onActive: "replace" }) },
  { title: "RegenerateLink", run: (stage) => stage.regenerate() },
  { title: "RevokeLink", run: (stage) => stage.revoke() },
  { title: "RevokeLink, force", run: (stage) => stage.revoke({ force: true }) },
  { title: "ExpireLink", run: (stage) => stage.expire() },
  { title: "OpenLink", run: (stage) => stage.open() },
  { title: "ProvideData, all that CIP needs", run: (stage) => stage.provide({ ...BASIC_DATA, idType: "PASSPORT" }) },
  { title: "SubmitCip", run: (stage) => stage.submitCip() },
  { title: "IssueCipTicket", run: (stage) => stage.issueTicket() },
  { title: "ConfirmOperation", run: (stage) => stage.confirm() },
  { title: "CancelOperation", run: (stage) => stage.cancelOperation() },
  { title: "ResolveOperation, completed", run: (stage) => stage.resolve(), isPossible: hasOperation },
  { title: "ApplyOperationUpdate, completed", run: (stage) => stage.updateOperation(), isPossible: hasOperation },
  {
    title: "ApplyOperationUpdate, failed",
    run: (stage) => stage.updateOperation({ status: "failed" }),
    isPossible: hasOperation,
  },
  { title: "AnswerDataRequest, all that was asked for", run: (stage) => stage.answer(BASIC_DATA), isPossible: isAsked },
  { title: "UpdateUser, all that CIP needs", run: (stage) => stage.update(BASIC_DATA) },
  { title: "UpdateUser, another dob", run: (stage) => stage.update({ dob: "1992-05-15" }) },
  {
    title: "UpdateUser, another dob and idNumber",
    run: (stage) => stage.update({ dob: "1992-05-15", idNumber: "PEPX920515" }),
  },
  { title: "RemoveField, dob", run: (stage) => stage.remove("dob") },
  { title: "CorrectUser, all that CIP needs", run: (stage) => stage.correct(BASIC_DATA) },
  {
    title: "ApplyCipResult, verified",
    run: (stage) => stage.cipResult({ revision: 9 }),
    isPossible: hasAttempt,
  },
  {
    title: "ApplyCipResult, failed",
    run: (stage) => stage.cipResult({ outcome: "failed", revision: 9 }),
    isPossible: hasAttempt,
  },
  { title: "ReviewUser, approve", run: (stage) => stage.review("approve") },
  { title: "ReviewUser, reject_final", run: (stage) => stage.review("reject_final") },
  { title: "ReviewUser, allow_retry", run: (stage) => stage.review("allow_retry") },
  { title: "ReviewUser, reopen", run: (stage) => stage.review("reopen") },
  { title: "MarkReverificationDue, before its date", run: (stage) => stage.reverificationDue() },
];

function hasOperation(stage: Play): boolean {
  return stage.record().operations.length > 0;
}

function hasAttempt(stage: Play): boolean {
  return stage.record().attempts.length > 0;
}

/** The newest link has a data request of its own. */
function isAsked(stage: Play): boolean {
  return stage.record().dataRequests.at(-1)?.linkId === stage.link().linkId;
}

/** docs/behaviour.md: what every command does, for every position of a link and every situation of its user. */
export function renderBehaviour(): string {
  const stages = createStages();
  const parts = [
    NOTICE,
    "# Behaviour",
    INTRODUCTION,
    ...ATTEMPTS.flatMap((attempt) => [`## ${attempt.title}`, tableOf(attempt, stages)]),
    "## While the partner is suspended",
    "On an opened link of a verified user (E10).",
    markdownTable(
      ["command", "outcome"],
      ATTEMPTS.flatMap((attempt) => suspendedRow(attempt, stages)),
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

const NOTICE = `<!-- Printed from the rules by
npx vitest run --project unit test/domain/command-matrix.unit.test.ts -u
and compared with them by every test run. -->`;

const INTRODUCTION = `What becomes of each command, by the status of the user's newest link (rows) and the user's state
(columns). A code is a refusal. Everything else was applied: what it moved, \`recorded\` when it left events but moved
nothing, \`nothing\` when everything was already so. An empty cell cannot come about. \`committed\` is in_progress with a
confirmed transfer; \`expired\` is past its time while nobody has written it down yet.`;

/** Rows and columns that say the same are one, so that the differences stand out. */
function tableOf(attempt: Attempt, stages: Stages): string {
  const rows = POSITIONS.map((position) => [
    position,
    ...SITUATIONS.map((situation) => outcome(attempt, stages(situation, position))),
  ]);
  const columns = transposed([["link", ...SITUATIONS], ...rows.filter(hasOutcome)]);
  const [head = [], ...body] = transposed(merged(columns.filter((cells, index) => index === 0 || hasOutcome(cells))));
  return markdownTable(head.map(shortened), merged(body));
}

/** Where most states behave the same, the ones that do not are worth reading. */
function shortened(names: string): string {
  const count = names.split("; ").length;
  if (count === SITUATIONS.length) return "every state";
  return count > SITUATIONS.length / 2 ? "every other state" : names;
}

type Stages = ReturnType<typeof createStages>;
type Cells = readonly string[];

function hasOutcome([, ...outcomes]: Cells): boolean {
  return outcomes.some((told) => told !== "");
}

/** Lines that differ only in their name, the first cell, are one line with all their names. */
function merged(lines: readonly Cells[]): readonly Cells[] {
  const byOutcome = new Map<string, Cells>();
  for (const [name = "", ...cells] of lines) {
    const key = JSON.stringify(cells);
    const names = byOutcome.get(key)?.[0];
    byOutcome.set(key, [names === undefined ? name : `${names}; ${name}`, ...cells]);
  }
  return [...byOutcome.values()];
}

function transposed(lines: readonly Cells[]): readonly Cells[] {
  return (lines[0] ?? []).map((_, index) => lines.map((line) => line[index] ?? ""));
}

function suspendedRow(attempt: Attempt, stages: Stages): readonly (readonly string[])[] {
  const stage = stages("cip_verified", "opened");
  if (stage === null) return [];
  stage.partner = { ...stage.partner, isSuspended: true };
  const told = outcome(attempt, stage);
  return told === "" ? [] : [[attempt.title, told]];
}

function outcome({ run, isPossible }: Attempt, stage: Play | null): string {
  if (stage === null || (isPossible !== undefined && !isPossible(stage))) return "";
  const before = stage.record();
  const events = stage.history().length;
  const at = stage.clock.now();
  try {
    run(stage);
  } catch (thrown) {
    if (thrown instanceof Refused) return `\`${thrown.refusal.code}\``;
    throw thrown;
  }
  const moves = movesBetween(before, stage.record(), at);
  if (moves.length > 0) return moves.join(", ");
  return stage.history().length === events ? "nothing" : "recorded";
}

function movesBetween(before: UserRecord, after: UserRecord, at: string): readonly string[] {
  const links = before.links.flatMap((link) => {
    const next = after.links.find(({ linkId }) => linkId === link.linkId) ?? link;
    const [from, to] = [statusAt(link, at), statusAt(next, at)];
    return from === to ? [] : [`link ${to}`];
  });
  const operations = before.operations.flatMap((operation) => {
    const next = after.operations.find(({ operationId }) => operationId === operation.operationId) ?? operation;
    return [
      ...(next.status === operation.status ? [] : [`transfer ${next.status}`]),
      ...(next.isHeldForReview && !operation.isHeldForReview ? ["held for review"] : []),
    ];
  });
  return [
    ...links,
    ...(after.links.length > before.links.length ? ["new link"] : []),
    ...operations,
    ...(after.operations.length > before.operations.length ? ["new transfer"] : []),
    ...(after.user?.state === before.user?.state ? [] : [`user ${after.user?.state}`]),
    ...(after.user?.cip.isHeldForReview && !before.user?.cip.isHeldForReview ? ["held for review"] : []),
  ];
}
