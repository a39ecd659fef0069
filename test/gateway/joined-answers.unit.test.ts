import { expect, test } from "vitest";
import { createCommandWriter } from "../../gateway/command-writer.ts";
import { success } from "../../gateway/reply.ts";
import type { RouteRequest } from "../../gateway/route.ts";
import { manualClock } from "../../runtime/clock.ts";
import { createCommandIds } from "../../runtime/ids.ts";
import { newTrace } from "../../runtime/trace.ts";
import type { RememberedAnswer } from "../../storage/configuration/idempotency.ts";
import { applied, LINK_CREATED } from "./example-records.ts";
import { NOW } from "./fake-gateway.ts";

const clock = manualClock(Date.parse(NOW)).now;
const REQUEST: RouteRequest = {
  ...{ requestId: "req_1", method: "POST", path: "/partner/links", params: {}, query: {}, body: {}, userAgent: null },
  idempotencyKey: "key-1",
  trace: newTrace(),
  noteCommand: () => undefined,
};
const scope = { partner: "acme", environment: "test" } as const;

test("two that joined one command answer the same bytes, however the decision reached each of them", async () => {
  let remembered: RememberedAnswer | null = null;
  const reordered = Object.fromEntries(Object.entries(LINK_CREATED).reverse()) as typeof LINK_CREATED;
  const decisions = [applied(LINK_CREATED), applied(reordered)];
  const write = createCommandWriter({
    turn: async () => undefined,
    ...{
      clock,
      replyTo: "gateway-test",
      commandIds: createCommandIds("a server secret for tests, long enough", clock),
    },
    publishCommand: async (command) => ({ commandId: command.commandId, ...decisions.shift()! }),
    findDecision: async () => null,
    idempotency: {
      claim: async ({ commandId }) => ({ kind: decisions.length === 2 ? "new" : "joined", commandId }),
      complete: async (_, answer) => (remembered ??= answer),
      release: async () => undefined,
    },
  });
  const ask = () =>
    write(REQUEST, {
      scope,
      command: async (stamp) => ({ ...stamp }) as never,
      reply: (answer) => success(201, answer),
      location: (commandId) => `/partner/commands/${commandId}`,
    });
  const [first, second] = [await ask(), await ask()];
  expect(second.body).toBe(first.body);
  expect(first.headers).not.toHaveProperty("Idempotency-Replayed");
  expect(second.headers).toMatchObject({ "Idempotency-Replayed": "true" });
});
