import { describe, expect, expectTypeOf, test } from "vitest";
import { type Config, ConfigError, loadConfig, OPTIONS } from "../../runtime/config.ts";
import { camelCase } from "../../runtime/options.ts";

const REQUIRED = {
  DATABASE_URL: "postgres://m2m:pa55word@127.0.0.1:55432/m2m",
  REDIS_URL: "redis://127.0.0.1:56379",
  KAFKA_BROKERS: "127.0.0.1:59092, 127.0.0.1:59093",
  SCHEMA_REGISTRY_URL: "http://127.0.0.1:58081/apis/ccompat/v7",
  SERVER_SECRET: "s".repeat(32),
};

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("loadConfig", () => {
  test("the required values are enough, everything else has a default", () => {
    const config = loadConfig(REQUIRED);
    expect(config).toMatchObject({
      databaseUrl: REQUIRED.DATABASE_URL,
      kafkaBrokers: ["127.0.0.1:59092", "127.0.0.1:59093"],
      gatewayPort: 58080,
      allowPrivateTargets: false,
      widgetOrigins: [],
      topicPrefix: "m2m.",
      logLevel: "info",
    });
    expect(config.adminKey).toBeUndefined();
  });

  test("every option has a key and a sentence", () => {
    const config = loadConfig(REQUIRED);
    expect(Object.keys(config).sort()).toEqual(Object.keys(OPTIONS).map(camelCase).sort());
    for (const option of Object.values(OPTIONS)) expect(option.sentence).toMatch(/^[A-Z].*\.$/);
  });

  test("a default may follow another option", () => {
    expect(loadConfig(REQUIRED).widgetBaseUrl).toBe("http://127.0.0.1:58080");
    expect(loadConfig({ ...REQUIRED, GATEWAY_PORT: "8080" }).widgetBaseUrl).toBe("http://127.0.0.1:8080");
    const told = loadConfig({ ...REQUIRED, GATEWAY_URL: "https://api.example.com/" });
    expect([told.gatewayUrl, told.widgetBaseUrl]).toEqual(["https://api.example.com", "https://api.example.com"]);
  });

  test("all problems are reported together", () => {
    const problems = problemsOf({
      GATEWAY_PORT: "70000",
      ENABLE_SANDBOX: "yes",
      LOG_LEVEL: "loud",
      KAFKA_BROKERS: "a:1,,b:2",
      SCHEMA_REGISTRY_URL: "ftp://registry",
      REDIS_URL: REQUIRED.REDIS_URL,
      LOCK_TIMEOUT_MS: "30000",
    });
    expect(problems).toEqual([
      "DATABASE_URL is required",
      'KAFKA_BROKERS must be a comma-separated list without empty items, not "a:1,,b:2"',
      'SCHEMA_REGISTRY_URL must be a URL with the scheme http or https, not "ftp://registry"',
      'GATEWAY_PORT must be an integer from 0 to 65535, not "70000"',
      "SERVER_SECRET is required",
      'ENABLE_SANDBOX must be true or false, not "yes"',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "loud"',
      expect.stringContaining("LOCK_TIMEOUT_MS must be below SESSION_TIMEOUT_MS"),
    ]);
  });

  test("a secret is never shown", () => {
    const problems = problemsOf({ ...REQUIRED, SERVER_SECRET: "tooshort", DATABASE_URL: "mysql://u:pa55word@h/d" });
    expect(problems).toEqual([
      "DATABASE_URL must be a URL with the scheme postgres or postgresql",
      "SERVER_SECRET must have at least 32 characters",
    ]);
  });

  test.each([
    [{ LOCK_TIMEOUT_MS: "6000" }, /^LOCK_TIMEOUT_MS must be below/],
    [{ IDLE_IN_TRANSACTION_TIMEOUT_MS: "6000" }, /^IDLE_IN_TRANSACTION_TIMEOUT_MS must be below/],
    [{ STATEMENT_TIMEOUT_MS: "6000" }, /^STATEMENT_TIMEOUT_MS must be below/],
    [{ HEARTBEAT_INTERVAL_MS: "2001" }, /^HEARTBEAT_INTERVAL_MS must be at most a third/],
    [{ REBALANCE_TIMEOUT_MS: "5999" }, /^REBALANCE_TIMEOUT_MS must be at least/],
    [{ PRODUCE_TIMEOUT_MS: "10001" }, /^PRODUCE_TIMEOUT_MS must be at most/],
    [{ SHUTDOWN_TIMEOUT_MS: "10000" }, /^DECISION_TIMEOUT_MS must be below/],
    [{ DELIVERY_RETENTION_DAYS: "29" }, /^DELIVERY_RETENTION_DAYS must be at least ATTEMPT_RETENTION_DAYS/],
    [{ ATTEMPT_RETENTION_DAYS: "31" }, /^DELIVERY_RETENTION_DAYS must be at least ATTEMPT_RETENTION_DAYS/],
  ])("a combination that cannot work is refused with its reason: %o", (change, reason) => {
    expect(problemsOf({ ...REQUIRED, ...change })).toEqual([expect.stringMatching(reason)]);
  });

  test("a blank variable counts as not set, an integer is an integer", () => {
    expect(loadConfig({ ...REQUIRED, GATEWAY_PORT: " " }).gatewayPort).toBe(58080);
    for (const text of ["60.5", "1e3", "-1", "0x10", "12a"]) {
      expect(problemsOf({ ...REQUIRED, GATEWAY_PORT: text })).toHaveLength(1);
    }
  });

  test("the configuration is frozen, its lists too", () => {
    const config = loadConfig(REQUIRED);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.kafkaBrokers)).toBe(true);
  });

  test("types follow the table", () => {
    expectTypeOf<Config["databaseUrl"]>().toEqualTypeOf<string>();
    expectTypeOf<Config["gatewayPort"]>().toEqualTypeOf<number>();
    expectTypeOf<Config["adminKey"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Config["widgetOrigins"]>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<Config["logLevel"]>().toEqualTypeOf<
      "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent"
    >();
  });
});
