import { expect, test } from "vitest";
import { summaryText } from "../../scripts/stack-summary.ts";

const demo = {
  gatewayUrl: "http://127.0.0.1:58080",
  widgetBaseUrl: "http://127.0.0.1:58080",
  apiKey: "m2m_test_abc",
  adminKey: "m2m_admin_secret",
  kafkaBrokers: "127.0.0.1:59092",
  schemaRegistryUrl: "http://127.0.0.1:58081/apis/ccompat/v7",
  databaseUrl: "postgres://m2m:m2m@127.0.0.1:55432/m2m",
  redisUrl: "redis://127.0.0.1:56379",
};

const text = summaryText({
  dir: "/x/.stack",
  demo,
  consumersPort: 58_090,
  processes: [
    { name: "gateway", pid: 12, port: 58_080, log: "/x/.stack/logs/gateway.log" },
    { name: "kafka", pid: undefined, port: 59_092, log: "docker compose logs kafka" },
  ],
});

test("the summary says what runs where, the key, what to do next and how to stop", () => {
  expect(text).toContain("  gateway  port 58080  pid 12     /x/.stack/logs/gateway.log\n");
  expect(text).toContain("  kafka    port 59092  container  docker compose logs kafka\n");
  expect(text).toContain("Demo key  m2m_test_abc");
  expect(text).toContain("npm run demo");
  expect(text).toContain("npm run stack:stop");
});

test("the first call can be pasted: it has the real address, the real key and a body that is JSON", () => {
  const call = /curl -s (\S+) \\\n\s+-H 'X-API-Key: (\S+)'[\s\S]*-d '([^']+)'/.exec(text);
  expect(call?.[1]).toBe("http://127.0.0.1:58080/partner/links");
  expect(call?.[2]).toBe("m2m_test_abc");
  expect(JSON.parse(call?.[3] ?? "")).toEqual({
    referenceId: "customer-0001",
    userData: { name: { firstName: "Ana", lastName: "Torres" } },
  });
});

test("the admin key is in the file for scripts, not on the screen", () => {
  expect(text).not.toContain("m2m_admin_secret");
  expect(text).toContain("/x/.stack/demo.json");
});
