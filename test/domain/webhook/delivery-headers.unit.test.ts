import { expect, test } from "vitest";
import { type AttemptFacts, deliveryHeaders } from "../../../domain/webhook/delivery-headers.ts";

const FACTS: AttemptFacts = {
  ...{ id: "evt_acme_abc123def456", eventType: "user.created", body: "{}", timestampSeconds: 1_767_323_045 },
  ...{ number: 1, sequence: 7, traceparent: null, secrets: ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="] },
};

test("bar 13 every attempt names the event's sequence, the same each time; the attempt's number is beside it", () => {
  const attempts = [1, 2, 3].map((number) => deliveryHeaders({ ...FACTS, number }));
  expect(attempts.map((headers) => headers["x-m2m-sequence"])).toEqual(["7", "7", "7"]);
  expect(attempts.map((headers) => headers["x-m2m-attempt"])).toEqual(["1", "2", "3"]);
});

test("an event that is about no user has no place in anybody's sequence, and no header", () => {
  expect(deliveryHeaders({ ...FACTS, sequence: 0 })).not.toHaveProperty("x-m2m-sequence");
});

test("the trace goes along when there is one", () => {
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  expect(deliveryHeaders({ ...FACTS, traceparent })).toMatchObject({ traceparent });
  expect(deliveryHeaders(FACTS)).not.toHaveProperty("traceparent");
});
