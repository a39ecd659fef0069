import { expect, test } from "vitest";
import { type Behaviour, newMemory, respond } from "../../../bench/webhooks/receiver/behaviour.ts";
import { countsOf, createLedger, noteReceipt } from "../../../bench/webhooks/receiver/ledger.ts";

const receipt = (id: string, isTaken: boolean) => ({ id, sentAtMs: 0, receivedAtMs: 1, isTaken });

test("a duplicate is what comes again after it was taken; a retry after a failure is none", () => {
  const ledger = createLedger();
  const record = ledger.of("/0");
  noteReceipt(record, receipt("a", false), 503);
  noteReceipt(record, receipt("a", true), 200);
  noteReceipt(record, receipt("b", true), 200);
  noteReceipt(record, receipt("a", true), 200);
  expect(countsOf(record)).toMatchObject({ requests: 4, distinct: 2, taken: 3, duplicates: 1 });
  expect(countsOf(record).statuses).toEqual({ "200": 3, "503": 1 });
});

test("a path keeps what it was told when its receipts are forgotten", () => {
  const ledger = createLedger();
  ledger.behave("/0", { kind: "hang" });
  noteReceipt(ledger.of("/0"), receipt("a", false), null);
  ledger.forget();
  expect(ledger.of("/0").behaviour).toEqual({ kind: "hang" });
  expect(ledger.of("/0").receipts).toEqual([]);
});

const statusesOf = (behaviour: Behaviour, atMs: readonly number[]) => {
  const memory = newMemory();
  return atMs.map((nowMs) => respond(behaviour, memory, nowMs).status);
};

test("a limit takes so many a second and answers 429 to the others", () => {
  const limit = { kind: "limit", perSecond: 2, retryAfterSeconds: 3 } as const;
  expect(statusesOf(limit, [0, 1, 2, 999, 1_000, 1_001, 1_002])).toEqual([200, 200, 429, 429, 200, 200, 429]);
});

test("a flaky receiver takes one in so many", () => {
  const flaky = { kind: "flaky", status: 503, successEvery: 3 } as const;
  expect(statusesOf(flaky, [0, 1, 2, 3, 4, 5])).toEqual([503, 503, 200, 503, 503, 200]);
});
