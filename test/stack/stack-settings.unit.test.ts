import { resolve } from "node:path";
import { expect, test } from "vitest";
import { loadStackSettings } from "../../scripts/stack-settings.ts";

test("without any variable the documented ports, folder and choice apply", () => {
  expect(loadStackSettings({})).toEqual({
    mode: "auto",
    dir: resolve(".stack"),
    ports: { postgres: 55_432, redis: 56_379, kafka: 59_092, registry: 58_081 },
    gatewayPort: 58_080,
    consumersPort: 58_090,
    environment: {},
  });
});

test("every port, the folder and the choice can be changed", () => {
  const environment = { STACK: "native", STACK_DIR: "/tmp/x", KAFKA_PORT: "1234", GATEWAY_PORT: "80", REDIS_PORT: "" };
  expect(loadStackSettings(environment)).toMatchObject({
    mode: "native",
    dir: "/tmp/x",
    ports: { kafka: 1_234, redis: 56_379 },
    gatewayPort: 80,
  });
});

test("all problems come together, one sentence each", () => {
  const environment = { STACK: "docker", KAFKA_PORT: "0", REDIS_PORT: "port", REGISTRY_PORT: "65536" };
  expect(() => loadStackSettings(environment)).toThrow(
    [
      'STACK must be one of auto, native, compose, none, not "docker".',
      'REDIS_PORT must be an integer from 1 to 65535, not "port".',
      'KAFKA_PORT must be an integer from 1 to 65535, not "0".',
      'REGISTRY_PORT must be an integer from 1 to 65535, not "65536".',
    ].join("\n"),
  );
});

test("two services at one port are a problem that names both", () => {
  expect(() => loadStackSettings({ KAFKA_PORT: "58080" })).toThrow("KAFKA_PORT and GATEWAY_PORT are both 58080.");
});
