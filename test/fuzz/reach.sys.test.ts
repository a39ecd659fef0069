import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpenapiDocument } from "../../gateway/documentation/openapi-document.ts";
import { reachEvery } from "./fuzz.ts";
import { prepareStage, type Stage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await prepareStage({ hasParked: true });
});

afterAll(() => stage.stop());

test("every endpoint can be reached with a success from the fuzzer's stage, and each such answer fits the document", async () => {
  const document = (await (await fetch(`${stage.system.gatewayUrl}/openapi.json`)).json()) as OpenapiDocument;
  expect(await reachEvery(stage, document, 1)).toEqual([]);
}, 300_000);
