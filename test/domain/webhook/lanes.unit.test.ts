import { expect, test } from "vitest";
import { laneOf } from "../../../domain/webhook/lanes.ts";

const link = { kind: "link", partner: "acme", environment: "test" } as const;

test("an endpoint is a lane of its own", () => {
  expect(laneOf({ kind: "endpoint", endpointId: "ep_acme_1" })).toBe("endpoint:ep_acme_1");
});

test("links that name the same server share a lane, whatever the path", () => {
  const lane = laneOf({ ...link, url: "https://partner.example/a" });
  expect(lane).toBe("callback:acme/test/https://partner.example");
  expect(laneOf({ ...link, url: "https://partner.example:443/b?c=d" })).toBe(lane);
  expect(laneOf({ ...link, url: "https://partner.example:8443/a" })).not.toBe(lane);
});

test("partners and environments never share a lane", () => {
  const url = "https://partner.example/a";
  const lanes = [
    { ...link, url },
    { ...link, partner: "other", url },
    { ...link, environment: "live" as const, url },
  ];
  expect(new Set(lanes.map(laneOf)).size).toBe(3);
});
