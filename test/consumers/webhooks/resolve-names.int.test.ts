import { afterEach, expect, test } from "vitest";
import { createDnsResolve } from "../../../consumers/webhooks/resolve-names.ts";
import { createSender } from "../../../consumers/webhooks/send.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { type NameServer, startNameServer, type Zone } from "../../support/name-server.ts";
import { startWebhookReceiver } from "../../support/webhook-receiver.ts";

const LIMIT_MS = 10_000;
const SIX = "2606:4700:4700:0:0:0:0:1111";

let names: NameServer;

afterEach(() => names.stop());

async function resolverOver(zone: Zone, limitMs = LIMIT_MS) {
  names = await startNameServer(zone);
  return createDnsResolve({ servers: [names.server], limitMs });
}

const waiting = () => new AbortController().signal;

test("both families are asked for at once", async () => {
  const resolve = await resolverOver((_, family) => (family === 4 ? ["8.8.8.8", "1.1.1.1"] : [SIX]));
  expect(await resolve("partner.example", waiting())).toEqual([
    { address: "8.8.8.8", family: 4 },
    { address: "1.1.1.1", family: 4 },
    { address: "2606:4700:4700::1111", family: 6 },
  ]);
  expect(names.questions.toSorted()).toEqual(["A partner.example", "AAAA partner.example"]);
});

test("one family is enough, even when nobody ever answers for the other", async () => {
  const limitMs = 5_000;
  const resolve = await resolverOver((_, family) => (family === 4 ? ["8.8.8.8"] : null), limitMs);
  const startedMs = Date.now();
  expect(await resolve("partner.example", waiting())).toEqual([{ address: "8.8.8.8", family: 4 }]);
  expect(Date.now() - startedMs).toBeLessThan(limitMs);
});

test("a name without an address is an error", async () => {
  const resolve = await resolverOver(() => []);
  await expect(resolve("partner.example", waiting())).rejects.toMatchObject({ code: "ENODATA" });
});

test("a question that is given up ends at once", async () => {
  const resolve = await resolverOver(() => null, 60_000);
  const asking = new AbortController();
  const asked = resolve("partner.example", asking.signal);
  asking.abort();
  await expect(asked).rejects.toMatchObject({ code: "ECANCELLED" });
});

test("bar 10 names whose servers hang stop nobody else: ten of them, and a healthy one is still found", async () => {
  const resolve = await resolverOver((name) => (name.startsWith("hangs") ? null : ["127.0.0.1"]), 60_000);
  const receiver = await startWebhookReceiver();
  const settings = { timeoutMs: 20_000, allowPrivateTargets: true, clock: systemClock, concurrency: 32 };
  const sender = createSender({ ...settings, resolve, limits: { dnsMs: 5_000 } });
  const { port } = new URL(receiver.url);
  const post = (host: string) => sender.send({ url: `http://${host}:${port}/${host}`, headers: {}, body: "{}" });
  const hanging = Array.from({ length: 10 }, (_, index) => post(`hangs-${index}.example`));
  let isAnySettled = false;
  for (const one of hanging) {
    void one.then(() => {
      isAnySettled = true;
    });
  }
  expect((await post("healthy.example")).outcome).toEqual({ kind: "answered", statusCode: 200 });
  expect(isAnySettled).toBe(false);
  for (const { outcome, durationMs } of await Promise.all(hanging)) {
    expect(outcome).toEqual({ kind: "unanswered", failureClass: "dns" });
    expect(durationMs).toBeGreaterThanOrEqual(4_990);
    expect(durationMs).toBeLessThan(10_000);
  }
  await sender.stop();
  await receiver.stop();
});
