import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpenapiDocument } from "../../gateway/documentation/openapi-document.ts";
import { fuzz, type Run } from "./fuzz.ts";
import { prepareStage, type Stage } from "./stage.ts";

/** `npm run fuzz -- --seed N --runs M` asks for one longer run. */
const { FUZZ_SEED, FUZZ_RUNS } = process.env;
const RUNS: readonly Run[] =
  FUZZ_SEED === undefined
    ? [1, 2, 3].map((seed) => ({ seed, requests: 250 }))
    : [{ seed: Number(FUZZ_SEED), requests: Number(FUZZ_RUNS) }];
const MOST_MS_PER_REQUEST = 100;

let stage: Stage;
let document: OpenapiDocument;

beforeAll(async () => {
  stage = await prepareStage({ hasParked: false });
  document = (await (await fetch(`${stage.system.gatewayUrl}/openapi.json`)).json()) as OpenapiDocument;
});

afterAll(() => stage.stop());

test.each(RUNS)(
  "seed $seed: no 5xx, every answer fits the document, a 4xx stores nothing and tells no value of a person",
  async (run) => {
    const { statuses, succeeded, asked } = await fuzz(stage, document, run);
    console.log(
      `seed ${run.seed}: ${JSON.stringify(statuses)}; ${asked.size} endpoints asked, ${succeeded.size} with success`,
    );
    expect(succeeded.size).toBeGreaterThan(10);
  },
  Math.max(180_000, ...RUNS.map(({ requests }) => requests * MOST_MS_PER_REQUEST)),
);
