import { describe, expect, test } from "vitest";
import type { UserEvent } from "../../domain/events.ts";
import { createValidators, type Validate } from "../../schemas/validators.ts";
import { MOVES } from "../../simulation/moves.ts";
import { reportLines } from "../../simulation/report.ts";
import { simulate } from "../../simulation/simulate.ts";

const isValidEvent = createValidators()("messages/user-events");

/** Says that events of a type are wrong, for a simulation that shall find something. */
const refusing =
  (type: UserEvent["type"]): Validate =>
  (value) =>
    (value as UserEvent).type === type ? [{ path: "type", code: "planted", message: "planted" }] : [];

describe("a simulation", () => {
  test("with the same seed has the same history, with another one another", async () => {
    const hashOf = async (seed: number) => (await simulate({ seed, steps: 1_200, isValidEvent })).historyHash;
    const [first, second, other] = [await hashOf(5), await hashOf(5), await hashOf(6)];
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  }, 60_000);

  test("P1 P2 P3 P4 P5 P6 P7 P8 P11 finds nothing that does not hold, and sees every command and many refusals", async () => {
    const { found, tally } = await simulate({ seed: 1, steps: 20_000, isValidEvent });
    expect(found?.detail ?? null).toBeNull();
    for (const { type } of MOVES) expect(tally.commands.get(`${type} applied`), type).toBeGreaterThan(0);
    expect(tally.refusals.size).toBeGreaterThanOrEqual(15);
    const faults = ["rolled_back", "died_after_commit", "second_owner", "read_ahead", "publisher died"];
    for (const name of [...faults, "command sent twice", "command of a timer", "command without its values"]) {
      expect(tally.accidents.get(name), name).toBeGreaterThan(0);
    }
  }, 60_000);

  test("ends at what does not hold, and tells the shortest history that shows it", async () => {
    const report = await simulate({ seed: 2, steps: 20_000, isValidEvent: refusing("link.revoked"), schemaShare: 1 });
    const { found } = report;
    expect(found).toMatchObject({ property: "schema", seed: 2, step: report.steps });
    const types = found?.steps.map(({ command }) => command.type) ?? [];
    expect(types.length).toBeLessThanOrEqual(2);
    expect(types[0]).toBe("CreateLink");
    expect(reportLines(report).join("\n")).toContain("VIOLATION of schema at seed 2");
  }, 120_000);
});
