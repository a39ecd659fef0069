import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { generateAnyLoad, generateLoad, UnexpectedAnswer } from "../../bench/load/generate.ts";
import type { LoadPlan } from "../../bench/load/load-plan.ts";

const servers: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-length": body.length }).end(body);
}

async function planFor(listener: RequestListener, plan: Partial<LoadPlan>): Promise<LoadPlan> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: "key",
    workload: { kind: "new-links", prefix: "p", users: 0 },
    pace: { kind: "closed" },
    ...{ connections: 1, warmUpMs: 0, measureMs: 1_000 },
    ...plan,
  };
}

test("open load counts a latency from when the request was due, also when a stalled server kept it from being sent", async () => {
  const stallMs = 600;
  let answered = 0;
  const stallsOnce: RequestListener = (request, response) => {
    request.resume();
    answered += 1;
    setTimeout(() => answer(response, 201, "{}"), answered === 1 ? stallMs : 0);
  };
  const report = await generateLoad(await planFor(stallsOnce, { pace: { kind: "open", perSecond: 100 } }));
  // A closed load would have met the stall once; here everybody who was due in it has waited.
  expect(report.p50).toBeGreaterThan(50);
  // A timer may end a millisecond early, and the load reads another clock.
  expect(report.max).toBeGreaterThanOrEqual(stallMs - 2);
});

test("closed load has one request per connection at a time, and ends after a count", async () => {
  let open = 0;
  let most = 0;
  const bodies: string[] = [];
  const counts: RequestListener = async (request, response) => {
    most = Math.max(most, ++open);
    bodies.push(String((await request.toArray()).join("")));
    open -= 1;
    answer(response, 201, "{}");
  };
  const report = await generateLoad(await planFor(counts, { pace: { kind: "count", requests: 30 }, connections: 3 }));
  expect(report).toMatchObject({ answered: 30, sent: 30, statuses: { 201: 30 } });
  expect(most).toBeLessThanOrEqual(3);
  expect(new Set(bodies.map((body) => JSON.parse(body).referenceId)).size).toBe(30);
});

test("an answer that the workload does not allow is no measurement", async () => {
  const refuses: RequestListener = (_request, response) => answer(response, 503, "away");
  const plan = await planFor(refuses, { pace: { kind: "count", requests: 1 } });
  await expect(generateLoad(plan)).rejects.toThrow(UnexpectedAnswer);
  expect(await generateAnyLoad(plan)).toMatchObject({ statuses: { 503: 1 }, surprise: "503 away" });
});
