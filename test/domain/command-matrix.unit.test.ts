import { expect, test } from "vitest";
import { createStages, POSITIONS, SITUATIONS } from "./behaviour-stages.ts";
import { renderBehaviour } from "./behaviour-table.ts";

test("every command × every link status × every user state does what docs/behaviour.md says", async () => {
  await expect(renderBehaviour()).toMatchFileSnapshot("../../docs/behaviour.md");
});

test("every state of a user is shown with every link that it can have", () => {
  const stages = createStages();
  const unreachable = SITUATIONS.flatMap((situation) =>
    POSITIONS.filter((position) => stages(situation, position) === null).map((position) => `${situation}: ${position}`),
  );
  expect(unreachable).toEqual(NO_WAY_THERE);
});

/** Opening a link is what moves a pending user on (B1). */
const NO_WAY_THERE = ["opened", "in_progress", "committed", "completed"].map((position) => `pending: ${position}`);
