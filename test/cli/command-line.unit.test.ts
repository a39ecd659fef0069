import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../cli/commands.ts";
import { parseArguments } from "../../cli/parse-arguments.ts";
import { loadSettings, SETTINGS, type SettingName } from "../../cli/settings.ts";
import { renderCli } from "../../scripts/print-cli.ts";
import { runCli } from "./run-cli.ts";

const ENTRIES = COMMANDS.flatMap(({ commands }) => commands);
const LAUNCHER = resolve(import.meta.dirname, "../../bin/m2m.js");
const start = promisify(execFile);

describe("what is typed", () => {
  test("flags may stand anywhere, with and without an equals sign", () => {
    const parsed = parseArguments(["--json", "--url", "http://a", "users", "explain", "u1", "--at=3"], COMMANDS);
    expect(parsed).toMatchObject({
      kind: "run",
      entry: { path: ["users", "explain"] },
      given: { arguments: { referenceId: "u1" }, flags: { json: true, url: "http://a", at: "3" } },
    });
  });

  test("a flag that may be repeated keeps every value", () => {
    const argv = ["keys", "create", "--partner", "a", "--environment", "test", "--permission", "read"];
    const parsed = parseArguments([...argv, "--permission", "pii:read"], COMMANDS);
    expect(parsed).toMatchObject({ given: { flags: { permission: ["read", "pii:read"] } } });
  });

  test("what starts with a dash can be given behind --", () => {
    expect(parseArguments(["users", "show", "--", "-u1"], COMMANDS)).toMatchObject({
      given: { arguments: { referenceId: "-u1" } },
    });
  });

  test.each<[string, readonly string[], string]>([
    ["an unknown command", ["userz"], 'There is no command "userz"; did you mean "users"?'],
    ["an unknown second word", ["users", "shwo", "x"], 'There is no command "users shwo"; did you mean "show"?'],
    ["nothing like any", ["abracadabra"], 'There is no command "abracadabra"\n'],
    ["a missing argument", ["users", "show"], "<referenceId> is missing"],
    ["an empty argument", ["users", "show", ""], "<referenceId> is missing"],
    ["one word too many", ["users", "show", "a", "b"], '"b" is one word too many'],
    ["an unknown flag", ["users", "show", "a", "--bogus"], "--bogus"],
    ["a flag without its value", ["users", "explain", "a", "--at"], "--at"],
    ["a missing required flag", ["parked", "drop", "1"], "--reason is missing"],
    ["a value that is none of the fixed ones", ["cip", "publish", "--outcome", "maybe"], "--outcome must be one of"],
    ["a key that is nowhere", ["users", "show", "a"], "--key is not given"],
    ["neither attempt nor user", ["cip", "publish", "--outcome", "verified"], "Either --attempt or --reference"],
    ["text for a number", ["links", "create", "--reference", "a", "--expires-in-minutes", "x"], "whole number"],
    ["broken JSON", ["links", "create", "--reference", "a", "--user-data", "{"], "--user-data is not JSON"],
    ["a file that is not there", ["links", "create", "--reference", "a", "--metadata", "@/nope"], "cannot be read"],
    ["a target that is no URL", ["listen", "--forward-to", "localhost"], "--forward-to must be an http or https URL"],
    ["an unknown shell", ["completion", "fish"], "<shell> must be one of bash, zsh"],
  ])("%s is wrong use: exit code 2, the word and the way out", async (_, argv, words) => {
    const { exitCode, err, out } = await runCli(argv);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(err).toContain(words);
    expect(err).toContain("What to do: ");
  });

  test("with --json a failure is one document on standard output", async () => {
    const { exitCode, err, json } = await runCli(["users", "show", "--json"]);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: "" });
    expect(json()).toEqual({
      error: { kind: "wrong_use", message: expect.any(String), wayOut: "See `m2m users show --help`" },
    });
  });
});

describe("help, completion and docs/cli.md follow from the table", () => {
  test("help names every command, every group's help its commands", async () => {
    const { exitCode, out } = await runCli([]);
    expect(exitCode).toBe(0);
    for (const { word } of COMMANDS) expect(out).toContain(`  ${word}`);
    expect(await runCli(["--help"])).toMatchObject({ exitCode: 0, out });
    expect(await runCli(["help"])).toMatchObject({ exitCode: 0, out });
  });

  test.each(ENTRIES.map((entry) => [entry.path.join(" "), entry] as const))("help of %s", async (words, entry) => {
    const { exitCode, out } = await runCli([...entry.path, "--help"]);
    expect(exitCode).toBe(0);
    expect(out).toContain(`Usage: m2m ${words}`);
    for (const { name } of entry.flags) expect(out).toContain(`--${name}`);
    expect(out).toContain("Exit codes: 0 done, 1 refused, 2 wrong use, 3 a dependency is down.");
    expect((await runCli(["help", ...entry.path])).out).toBe(out);
  });

  test("a group without its command is wrong use and shows what there is", async () => {
    const { exitCode, out, err } = await runCli(["parked"]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(err).toContain("m2m parked drop <parkedId> --reason TEXT");
  });

  test("every example is a command line that is understood", () => {
    for (const { examples, path } of ENTRIES.filter(({ path: [word] }) => word !== "completion")) {
      for (const example of examples) {
        const argv = [...example.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
        expect(parseArguments(argv.slice(1), COMMANDS), example).toMatchObject({ kind: "run", entry: { path } });
      }
    }
  });

  test("docs/cli.md has every command and flag", () => {
    const text = renderCli();
    for (const { path, flags } of ENTRIES) {
      expect(text).toContain(`### m2m ${path.join(" ")}\n`);
      for (const { name } of flags) expect(text).toContain(`\`--${name}`);
    }
  });

  test("bash completes commands, second words, flags and fixed values", async () => {
    const { out: script } = await runCli(["completion", "bash"]);
    const complete = async (...words: readonly string[]) => {
      const typed = `COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}`;
      const { stdout } = await start("bash", ["-c", `${script}\n${typed}; _m2m; echo "\${COMPREPLY[@]}"`]);
      return stdout.trim().split(" ");
    };
    expect(await complete("m2m", "pa")).toEqual(["partners", "parked"]);
    expect(await complete("m2m", "users", "")).toEqual(["show", "explain", "history"]);
    expect(await complete("m2m", "users", "explain", "u1", "--a")).toEqual(["--at"]);
    expect(await complete("m2m", "cip", "publish", "--outcome", "ver")).toEqual(["verified"]);
    expect(await complete("m2m", "completion", "z")).toEqual(["zsh"]);
    expect(await complete("m2m", "doctor", "--js")).toEqual(["--json"]);
  });

  test("zsh gets the same through bashcompinit", async () => {
    const [bash, zsh] = [await runCli(["completion", "bash"]), await runCli(["completion", "zsh"])];
    expect(zsh.out).toBe(`autoload -U +X bashcompinit && bashcompinit\n${bash.out}`);
  });
});

describe("where settings come from", () => {
  const demo = {
    gatewayUrl: "http://127.0.0.1:1",
    apiKey: "k-demo",
    adminKey: "a-demo",
    databaseUrl: "postgres://demo",
  };

  async function inStack(use: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "m2m-cli-"));
    try {
      await writeFile(join(folder, "demo.json"), JSON.stringify(demo));
      await use(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  const settingsOf = (flags: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>>) =>
    loadSettings({ flag: (name) => flags[name], environment });

  test("a flag before the environment before the local stack before the default", async () => {
    await inStack(async (folder) => {
      const environment = { STACK_DIR: folder, API_KEY: "k-env", DATABASE_URL: " " };
      const settings = await settingsOf({ "admin-key": "a-flag" }, environment);
      expect(settings.find("adminKey")).toBe("a-flag");
      expect(settings.find("key")).toBe("k-env");
      expect(settings.find("databaseUrl")).toBe("postgres://demo");
      expect(settings.find("partitions")).toBe("24");
      expect(settings.find("redisUrl")).toBeUndefined();
      const lines = settings.origins(Object.keys(SETTINGS) as SettingName[]);
      expect(lines).toContain("url: http://127.0.0.1:1 (local stack)");
      expect(lines).toContain("key: (not shown) (environment)");
      expect(lines).toContain("admin-key: (not shown) (flag)");
      expect(lines.join()).not.toMatch(/k-env|a-flag|postgres:/);
    });
  });

  test("the local stack's keys never go to another gateway", async () => {
    await inStack(async (folder) => {
      const settings = await settingsOf({ url: "https://elsewhere.example" }, { STACK_DIR: folder });
      expect([settings.find("key"), settings.find("adminKey")]).toEqual([undefined, undefined]);
      const same = await settingsOf({ url: "http://127.0.0.1:1/" }, { STACK_DIR: folder });
      expect([same.find("key"), same.find("adminKey")]).toEqual(["k-demo", "a-demo"]);
    });
  });
});

describe("what is not there", () => {
  test("no gateway: exit code 3 and what to do", async () => {
    const { exitCode, err } = await runCli(["users", "show", "a", "--key", "k", "--url", "http://127.0.0.1:9"]);
    expect(exitCode).toBe(3);
    expect(err).toContain("Nothing answers at http://127.0.0.1:9");
    expect(err).toContain("npm start");
  });

  test("something else than the gateway, and a gateway that cannot work: exit code 3", async () => {
    const server = createServer((request, response) => {
      const away = { success: false, error: { code: "UNAVAILABLE", message: "away", requestId: "r1" } };
      response.writeHead(503).end(request.url === "/partner/users/b" ? JSON.stringify(away) : "<html>");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const environment = { API_KEY: "k", GATEWAY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const [page, away] = await Promise.all([
      runCli(["users", "show", "a"], { environment }),
      runCli(["users", "show", "b", "--json"], { environment }),
    ]);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    expect(page).toMatchObject({ exitCode: 3, err: expect.stringContaining("is not the gateway") });
    expect(away.exitCode).toBe(3);
    expect(away.json().error).toMatchObject({ kind: "dependency_down", code: "UNAVAILABLE", requestId: "r1" });
  });

  // It starts processes one after the other, and a busy machine takes its time for each.
  test("the launcher runs on the project's Node, hands arguments and exit code through", async () => {
    const shown = await start(process.execPath, [LAUNCHER, "completion", "bash"]);
    expect(shown.stdout).toContain("complete -o default -F _m2m m2m");
    await expect(start(process.execPath, [LAUNCHER, "userz"])).rejects.toMatchObject({ code: 2 });
  }, 60_000);
});
