import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLinkEvent, isWebhookEvent, WEBHOOK_EVENT_TYPES } from "../../../domain/webhook/catalogue.ts";
import { receiversOf, wouldReceive } from "../../../domain/webhook/subscriptions.ts";

const CALLBACK = "https://partner.example/this-link";
const all = { endpointId: "ep_all", events: null };
const states = { endpointId: "ep_states", events: ["user.state_changed", "user.data_request"] };
const nothing = { endpointId: "ep_nothing", events: [] };
const endpoints = [all, states, nothing];

const LINK_EVENTS = [
  "link.created",
  "link.opened",
  "link.in_progress",
  "link.completed",
  "link.expired",
  "link.revoked",
  "user.data_request",
  "user.data_request.closed",
  "operation.created",
  "operation.processing",
  "operation.completed",
  "operation.failed",
  "operation.cancelled",
];
const USER_EVENTS = [
  "user.created",
  "user.data_updated",
  "user.state_changed",
  "user.cip_pending",
  "user.cip_verified",
  "user.cip_failed",
];

describe("catalogue", () => {
  test("H5 link, data request and operation events are a link's own; the user's state, data and CIP are not", () => {
    expect(WEBHOOK_EVENT_TYPES.filter(isLinkEvent).sort()).toEqual([...LINK_EVENTS].sort());
    expect(WEBHOOK_EVENT_TYPES.filter((type) => !isLinkEvent(type)).sort()).toEqual([...USER_EVENTS].sort());
  });

  test.each(["user.cip_result_recorded", "operation.update_recorded", "", "toString", "link"])(
    "what is only for the record is no webhook: %j",
    (type) => {
      expect(isWebhookEvent(type)).toBe(false);
      expect(receiversOf({ type, linkId: "link_1" }, { endpoints, callbackUrl: CALLBACK })).toEqual([]);
      expect(wouldReceive(type, { endpoints, callbackUrl: CALLBACK })).toBe(false);
    },
  );
});

describe("receiversOf", () => {
  test.each(LINK_EVENTS)("H5 %s goes to the link's callbackUrl instead of the endpoints", (type) => {
    expect(receiversOf({ type, linkId: "link_1" }, { endpoints, callbackUrl: CALLBACK })).toEqual([
      { kind: "link", linkId: "link_1", url: CALLBACK },
    ]);
  });

  test.each(USER_EVENTS)("H5 %s goes to the endpoints although its link has a callbackUrl", (type) => {
    const receivers = receiversOf({ type, linkId: "link_1" }, { endpoints: [all], callbackUrl: CALLBACK });
    expect(receivers).toEqual([{ kind: "endpoint", endpoint: all }]);
  });

  test("an endpoint receives what it subscribed to; null is everything, an empty list nothing", () => {
    const audience = { endpoints, callbackUrl: null };
    const receivers = (type: string) =>
      receiversOf({ type, linkId: "link_1" }, audience).map((receiver) =>
        receiver.kind === "endpoint" ? receiver.endpoint.endpointId : receiver.linkId,
      );
    expect(receivers("user.data_request")).toEqual(["ep_all", "ep_states"]);
    expect(receivers("link.created")).toEqual(["ep_all"]);
  });
});

describe("wouldReceive", () => {
  test("D10 nobody receives without endpoints and callbackUrl", () => {
    expect(wouldReceive("user.data_request", { endpoints: [], callbackUrl: null })).toBe(false);
  });

  test("D10 an endpoint that subscribed to other events does not count", () => {
    const others = [{ events: ["link.created"] }];
    expect(wouldReceive("user.data_request", { endpoints: others, callbackUrl: null })).toBe(false);
    expect(wouldReceive("user.data_request", { endpoints: others, callbackUrl: CALLBACK })).toBe(true);
  });

  test("S2 it agrees with receiversOf for any audience", () => {
    const subscription = fc.option(fc.subarray([...WEBHOOK_EVENT_TYPES] as string[]));
    const audience = fc.record({
      endpoints: fc.array(fc.record({ events: subscription })),
      callbackUrl: fc.option(fc.constant(CALLBACK)),
    });
    fc.assert(
      fc.property(fc.constantFrom(...WEBHOOK_EVENT_TYPES), audience, (type, who) => {
        expect(wouldReceive(type, who)).toBe(receiversOf({ type, linkId: "link_1" }, who).length > 0);
      }),
    );
  });
});
