import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadConfig, OPTIONS } from "../../runtime/config.ts";
import { loadStackSettings, STACK_OPTIONS } from "../../scripts/stack-settings.ts";

const PROJECT = join(import.meta.dirname, "..", "..");
const PRODUCT = ["prepare", "gateway", "consumers"];

interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly container_name?: string;
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

const text = await readFile(join(PROJECT, "docker-compose.yml"), "utf8");
const { services } = parse(text, { merge: true }) as { services: Record<string, ComposeService> };

describe("docker-compose.yml agrees with the code", () => {
  test("it has the four services of the local stack and the processes of the product", () => {
    expect(Object.keys(services).toSorted()).toEqual(
      [...Object.keys(loadStackSettings({}).ports), ...PRODUCT].toSorted(),
    );
  });

  test("the services of the stack are published at the ports npm start uses, changed by the same variables", () => {
    const { ports } = loadStackSettings({});
    for (const [name, port] of Object.entries(ports)) {
      const variable = `${name.toUpperCase()}_PORT`;
      expect(STACK_OPTIONS).toHaveProperty(variable);
      expect(services[name]?.ports).toEqual([expect.stringMatching(`^127\\.0\\.0\\.1:\\$\\{${variable}:-${port}\\}:`)]);
    }
    expect(services["gateway"]?.ports).toEqual([`127.0.0.1:\${GATEWAY_PORT:-${OPTIONS.GATEWAY_PORT.default}}:58080`]);
  });

  test("the processes of the product get only variables that runtime/config.ts knows", () => {
    for (const name of PRODUCT) {
      const known = name === "prepare" ? { ...OPTIONS, ...STACK_OPTIONS } : OPTIONS;
      const unknown = Object.keys(services[name]?.environment ?? {}).filter((variable) => !(variable in known));
      expect(unknown, name).toEqual([]);
    }
  });

  test("the processes of the product get every variable that has no default", () => {
    const required = Object.entries(OPTIONS).filter(([, option]) => !("default" in option) && !("optional" in option));
    for (const name of PRODUCT) {
      expect(Object.keys(services[name]?.environment ?? {}), name).toEqual(
        expect.arrayContaining(required.map(([variable]) => variable)),
      );
    }
  });

  test("the values in it make a configuration", () => {
    for (const name of PRODUCT) {
      const environment = Object.entries(services[name]?.environment ?? {}).map(([key, value]) => [key, filled(value)]);
      expect(() => loadConfig(Object.fromEntries(environment)), name).not.toThrow();
    }
  });

  test("consumers can be scaled: no published port and no fixed name", () => {
    expect(services["consumers"]?.ports).toBeUndefined();
    expect(services["consumers"]?.container_name).toBeUndefined();
  });

  test("every variable it takes from outside has a default, so that docker compose up needs nothing", () => {
    const taken = [...text.matchAll(/\$\{([A-Z_]+)(:-)?/g)];
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.filter(([, , fallback]) => fallback === undefined)).toEqual([]);
    const names = new Set(taken.map(([, variable]) => variable));
    expect([...names].filter((variable) => !(`${variable}` in { ...OPTIONS, ...STACK_OPTIONS }))).toEqual([]);
  });

  test("Kafka has the version that Maven brings, and so has the registry", async () => {
    const pom = await readFile(join(PROJECT, "stack", "pom.xml"), "utf8");
    const version = (name: string) => new RegExp(`<${name}\\.version>([^<]+)<`).exec(pom)?.[1];
    expect(services["kafka"]?.image).toBe(`apache/kafka:${version("kafka")}`);
    expect(services["registry"]?.image).toBe(`apicurio/apicurio-registry:${version("registry")}`);
  });

  test("containers are given longer to stop than the processes give themselves", () => {
    for (const name of PRODUCT) {
      const seconds = Number.parseInt(services[name]?.stop_grace_period ?? "0", 10);
      expect(seconds * 1_000).toBeGreaterThan(OPTIONS.SHUTDOWN_TIMEOUT_MS.default);
    }
  });

  test("what it runs is in the image", async () => {
    const ignored = await readFile(join(PROJECT, ".dockerignore"), "utf8");
    const copied = ignored.split("\n").flatMap((line) => (line.startsWith("!") ? line.slice(1) : []));
    for (const name of PRODUCT) expect(copied).toContain(services[name]?.command?.[1]?.split("/")[0]);
  });
});

/** What docker compose makes of a value when nothing is set outside. */
function filled(value: string): string {
  return value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, "$1");
}
