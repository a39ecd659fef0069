import { expect, test } from "vitest";
import { METRICS } from "../../runtime/metric-table.ts";
import { createMetrics } from "../../runtime/metrics.ts";

test("every metric is registered under its name with its labels and component", async () => {
  const metrics = createMetrics("gateway");
  metrics.httpRequests.inc({ method: "POST", route: "/partner/links", status: "201" });
  metrics.batchSize.observe({ consumer: "users" }, 17);
  metrics.outboxDepth.set(3);
  const text = await metrics.text();
  expect(text).toContain(
    'm2m_http_requests_total{method="POST",route="/partner/links",status="201",component="gateway"} 1',
  );
  expect(text).toContain('m2m_batch_size_bucket{le="20",component="gateway",consumer="users"} 1');
  expect(text).toContain('m2m_outbox_depth{component="gateway"} 3');
  for (const { name } of Object.values(METRICS)) expect(text).toContain(`# HELP ${name} `);
});

test("names follow the customs: prefix, unit last, counters end in _total", () => {
  for (const { name, type, sentence } of Object.values(METRICS)) {
    expect(name).toMatch(/^m2m_[a-z_]+$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
    expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
  }
  expect(new Set(Object.values(METRICS).map(({ name }) => name)).size).toBe(Object.keys(METRICS).length);
});

test("gauges are read right before they are asked for", async () => {
  const metrics = createMetrics("users");
  let depth = 4;
  const read = async () => metrics.outboxDepth.set(depth);
  metrics.beforeScrape({ name: "outbox", gauges: [metrics.outboxDepth], read });
  expect(await metrics.text()).toContain('m2m_outbox_depth{component="users"} 4');
  depth = 9;
  expect(await metrics.text()).toContain('m2m_outbox_depth{component="users"} 9');
});

test("a failing reading is counted and its old value is not shown", async () => {
  const metrics = createMetrics("users");
  let isAway = false;
  const read = async () => {
    if (isAway) throw new Error("away");
    metrics.outboxDepth.set(4);
    metrics.users.set({ state: "pending" }, 2);
  };
  metrics.beforeScrape({ name: "counts", gauges: [metrics.outboxDepth, metrics.users], read });
  await metrics.text();
  isAway = true;
  const text = await metrics.text();
  expect(text).not.toMatch(/^m2m_(outbox_depth|users)\{/m);
  expect(text).toContain('m2m_scrape_failures_total{reading="counts",component="users"} 1');
});

test("the process's own metrics come when asked for", async () => {
  expect(await createMetrics("users", { watchProcess: true }).text()).toContain("process_cpu_seconds_total");
  expect(await createMetrics("users").text()).not.toContain("process_cpu_seconds_total");
});

test("two processes in one do not share instruments", async () => {
  const first = createMetrics("a");
  const second = createMetrics("b");
  first.poisonedCommands.inc();
  expect(await second.text()).toContain('m2m_poisoned_commands_total{component="b"} 0');
});
