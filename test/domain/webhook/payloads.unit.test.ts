import { expect, test } from "vitest";
import { webhookBody } from "../../../domain/webhook/payloads.ts";

const event = {
  eventId: "evt_acme_abc123def456",
  type: "user.data_request",
  at: "2026-01-02T03:04:05.678Z",
  sequence: 4,
  userVersion: 2,
  data: {
    dataRequestId: "dr_acme_abc123def456",
    referenceId: "user_12345",
    linkId: "link_acme_abc123def456",
    requiredFields: ["name.secondName", "idNumber", "dob"],
    replyEndpoint: "https://api.example/partner/data-requests/dr_acme_abc123def456",
    expiresAt: "2026-01-02T04:04:05.678Z",
  },
};

test("H1 the documented envelope and id, sequence, userVersion; nothing else of the message", () => {
  const message = { ...event, partner: "acme", environment: "test", userId: "user_acme_1", commandId: "cmd_acme_1" };
  expect(JSON.parse(webhookBody(message))).toEqual({
    id: event.eventId,
    event: "user.data_request",
    timestamp: event.at,
    sequence: 4,
    userVersion: 2,
    data: event.data,
  });
});

test("the same event gives the same bytes, since they are signed again on every attempt", () => {
  expect(webhookBody(structuredClone(event))).toBe(webhookBody(event));
});

test("money is a JSON number outside, exactly the amount that was decimal text inside", () => {
  const amount = {
    send: "100.00",
    receive: "1705.13",
    rate: "17.0513",
    fee: "2.99",
    currency: { source: "USD", destination: "MXN" },
  };
  const body = JSON.parse(webhookBody({ ...event, type: "operation.created", data: { operationId: "op_1", amount } }));
  expect(body.data).toEqual({
    operationId: "op_1",
    amount: {
      send: 100,
      receive: 1705.13,
      rate: 17.0513,
      fee: 2.99,
      currency: { source: "USD", destination: "MXN" },
    },
  });
});

test("an amount of somebody's metadata is left as it is", () => {
  const data = { linkId: "link_1", metadata: { amount: { send: "1.00" } }, amount: { send: "1.00" } };
  expect(JSON.parse(webhookBody({ ...event, type: "link.created", data })).data).toEqual(data);
});

test("H2 events that arrive in another order carry what puts them right: the sequence, the same on every attempt", () => {
  const bodies = [3, 1, 2].map((sequence) => JSON.parse(webhookBody({ ...event, sequence })));
  let newest = 0;
  const kept = bodies.filter(({ sequence }) => {
    const isNewer = sequence > newest;
    newest = Math.max(newest, sequence);
    return isNewer;
  });
  expect(kept.map(({ sequence }) => sequence)).toEqual([3]);
});
