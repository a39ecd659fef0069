import { describe, expect, test } from "vitest";
import { createHealth } from "../../runtime/health.ts";
import { createHealthServer } from "../../runtime/health-server.ts";
import { createMetrics } from "../../runtime/metrics.ts";

describe("createHealth", () => {
  test("no checks: alive and ready", async () => {
    const health = createHealth();
    expect(await health.live()).toEqual({ status: "ok", checks: {} });
    expect(await health.ready()).toEqual({ status: "ok", checks: {} });
  });

  test("one failing check fails the answer, the others are still told", async () => {
    const health = createHealth();
    health.addReady("pool", () => ({ ok: true }));
    health.addReady("broker", async () => ({ ok: false, detail: "last poll 40 s ago" }));
    expect(await health.ready()).toEqual({
      status: "failing",
      checks: { pool: { ok: true }, broker: { ok: false, detail: "last poll 40 s ago" } },
    });
    expect((await health.live()).status).toBe("ok");
  });

  test("a check that throws or hangs has failed", async () => {
    const health = createHealth({ timeoutMs: 10 });
    health.addLive("throws", () => {
      throw new Error("refused\nsecond line");
    });
    health.addLive("rejects", () => Promise.reject("text"));
    health.addLive("hangs", () => new Promise(() => undefined));
    expect(await health.live()).toEqual({
      status: "failing",
      checks: {
        throws: { ok: false, detail: "refused" },
        rejects: { ok: false, detail: "failed" },
        hangs: { ok: false, detail: "no answer within 10 ms" },
      },
    });
  });
});

describe("createHealthServer", () => {
  test("answers live, ready and metrics, and nothing else", async () => {
    const health = createHealth();
    const metrics = createMetrics("users");
    let isReady = true;
    health.addReady("broker", () => ({ ok: isReady }));
    const server = createHealthServer({ health, metrics }, { port: 0, host: "127.0.0.1" });
    await server.start();
    const get = (path: string, method = "GET") => fetch(`http://127.0.0.1:${server.port()}${path}`, { method });
    try {
      expect(await (await get("/health/live?x=1")).json()).toEqual({ status: "ok", checks: {} });
      expect((await get("/health/ready")).status).toBe(200);
      isReady = false;
      const notReady = await get("/health/ready");
      expect([notReady.status, await notReady.json()]).toEqual([
        503,
        { status: "failing", checks: { broker: { ok: false } } },
      ]);
      const scraped = await get("/metrics");
      expect(scraped.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(await scraped.text()).toContain("m2m_outbox_depth");
      expect([(await get("/")).status, (await get("/metrics", "POST")).status]).toEqual([404, 404]);
    } finally {
      await server.stop();
    }
  });

  test("a taken port is told by start", async () => {
    const observed = { health: createHealth(), metrics: createMetrics("users") };
    const first = createHealthServer(observed, { port: 0, host: "127.0.0.1" });
    await first.start();
    const second = createHealthServer(observed, { port: first.port(), host: "127.0.0.1" });
    await expect(second.start()).rejects.toThrow("EADDRINUSE");
    await first.stop();
  });
});
