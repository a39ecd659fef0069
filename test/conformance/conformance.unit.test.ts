import { describe, expect, test } from "vitest";
import { type Result, runConformance } from "../../conformance/run.ts";
import file from "../../conformance/vectors.json" with { type: "json" };
import { m2mSignature, standardSignature } from "../../domain/webhook/signature.ts";
import { serve } from "../support/http.ts";

describe("the conformance suite", () => {
  test("a server that says yes to everything is not taken for the real one", async () => {
    const yes = await serve((request, response) => {
      request.resume();
      response.writeHead(200, { "Content-Type": "application/json" }).end('{"success":true,"data":{}}');
    });
    const settings = { url: yes.url, key: `m2m_test_${"a".repeat(32)}`, otherKey: null, receiver: null, only: null };
    const told: Result[] = [];
    const results = await runConformance(settings, (result) => told.push(result));
    await yes.stop();
    expect(told).toEqual(results);
    const deviating = new Set(results.filter(({ outcome }) => outcome === "deviates").map(({ chapter }) => chapter));
    const looked = results.filter(({ chapter, outcome }) => outcome !== "skipped" && chapter !== "signatures");
    expect(looked.filter(({ chapter }) => !deviating.has(chapter))).toEqual([]);
    expect(looked.filter(({ outcome }) => outcome === "met").length).toBeLessThan(looked.length / 5);
    expect(results.filter(({ outcome }) => outcome === "skipped").map(({ chapter }) => chapter)).toEqual([
      "webhooks",
      "webhook management",
      "another partner",
    ]);
  });

  test.each(file.vectors)(
    "our signatures are those of openssl: $name",
    ({ secret, timestamp, id, body, ...wanted }) => {
      const signed = { id, timestampSeconds: Number(timestamp), body };
      expect(m2mSignature(secret, signed)).toBe(wanted.documented);
      expect(standardSignature([secret], signed)).toBe(wanted.standard);
    },
  );
});
