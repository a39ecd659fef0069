import { expect, test } from "vitest";
import { createLog, describeError, REDACTED_KEYS } from "../../runtime/log.ts";

function captured(level = "debug") {
  const lines: string[] = [];
  const log = createLog({ level, component: "gateway", destination: { write: (line) => lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? "null") as Record<string, unknown> };
}

test("a line is one JSON object with time, level, component and sentence", () => {
  const { log, last } = captured();
  log.child({ partition: 3 }).info({ batch: 12, took: 8n }, "committed");
  expect(last()).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    component: "gateway",
    partition: 3,
    batch: 12,
    took: "8",
    msg: "committed",
  });
  log.warn("alone");
  expect(last()).toMatchObject({ level: "warn", msg: "alone" });
});

test("lines below the level are not written", () => {
  const { log, lines } = captured("warn");
  log.info("no");
  log.debug({ a: 1 }, "no");
  expect(lines).toEqual([]);
});

test.each(REDACTED_KEYS)("what stands under %s is never written, at any depth", (key) => {
  const { log, lines } = captured();
  const canary = "canary-5f3a";
  log.info({ [key]: canary }, "top");
  log.info({ a: { b: [{ [key.toUpperCase()]: { deeper: canary } }] } }, "deep");
  log.child({ [key]: canary }).error({ c: 1 }, "child");
  expect(lines).toHaveLength(3);
  expect(lines.join("")).not.toContain(canary);
});

test("bytes and what lies too deep are not written", () => {
  const { log, lines } = captured();
  log.info({ image: Buffer.from("canary"), a: { b: { c: { d: { e: { f: { g: "canary" } } } } } } }, "hidden");
  expect(lines.join("")).not.toMatch(/canary|Y2FuYXJ5|99,97/);
});

test("an error keeps type, code, stack and cause, and loses the values that were quoted in it", () => {
  const { log, lines, last } = captured();
  const database = Object.assign(
    new Error('invalid input syntax for type date: "canary"\n - detail: Failing row contains (canary).'),
    { code: "22007", detail: "canary", parameters: ["canary"] },
  );
  const parser = parserError('{"a": canary}');
  log.error({ error: new AggregateError([parser], "two things", { cause: database }) }, "failed");
  expect(lines.join("")).not.toContain("canary");
  expect(last()).toMatchObject({
    error: {
      type: "AggregateError",
      message: "two things",
      stack: expect.stringContaining("log.unit.test.ts"),
      cause: { type: "Error", code: "22007", message: 'invalid input syntax for type date: "…"' },
      errors: [{ type: "SyntaxError", message: "Unexpected token 'c'" }],
    },
  });
});

test("what is thrown and is no error is named by its type only", () => {
  expect(describeError("canary")).toEqual({ type: "string" });
});

function parserError(text: string): Error {
  try {
    JSON.parse(text);
  } catch (error) {
    return error as Error;
  }
  throw new Error("the text was valid");
}
