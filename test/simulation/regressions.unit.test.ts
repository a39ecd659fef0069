import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createValidators } from "../../schemas/validators.ts";
import { replayHistory } from "../../simulation/history/replay-history.ts";
import type { SavedHistory } from "../../simulation/history/saved-history.ts";

const FOLDER = join(import.meta.dirname, "..", "regressions");
const FILES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith(".json")) : [];
const isValidEvent = createValidators()("messages/user-events");

test("every history that once showed a fault shows none any more", async () => {
  for (const file of FILES) {
    const { steps } = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as SavedHistory;
    expect((await replayHistory(steps, isValidEvent))?.message ?? null, file).toBeNull();
  }
});
