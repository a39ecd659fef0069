import { expect, test } from "vitest";
import { ASK_AGAIN_AFTER_MS, reverificationDueCommand } from "../../../consumers/timers/due-commands.ts";

const AT = "2026-03-15T11:00:00.000Z";
const atMs = Date.parse(AT);
const address = { partner: "acme", environment: "test", referenceId: "user-1" } as const;
const due = { id: "user_acme_a1b2c3d4e5f6", at: AT, address };

test("G7 B5 the command about a verification follows from the user and the date alone, and is asked again after a while", () => {
  const { causationId, command } = reverificationDueCommand(due, atMs);
  expect(causationId).toBe(due.id);
  expect(command).toMatchObject({ type: "MarkReverificationDue", ...address, payload: { reverifyBy: AT } });
  const idAt = (nowMs: number, at = AT) => reverificationDueCommand({ ...due, at }, nowMs).command.commandId;
  expect(idAt(atMs + ASK_AGAIN_AFTER_MS - 1)).toBe(command.commandId);
  expect(idAt(atMs + ASK_AGAIN_AFTER_MS)).not.toBe(command.commandId);
  expect(idAt(atMs, "2026-03-16T11:00:00.000Z")).not.toBe(command.commandId);
});
