import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { checkClock } from "./architecture/check-clock.ts";
import { checkDocComments, checkNothingUnfinished } from "./architecture/check-comments.ts";
import { checkDomainPurity } from "./architecture/check-domain-purity.ts";
import { checkImports } from "./architecture/check-imports.ts";
import { checkNames } from "./architecture/check-names.ts";
import { checkCasts, checkCatches, checkEveryTestRuns, checkTopicStrings } from "./architecture/check-shortcuts.ts";
import { type Check, parseSource, readSourceFiles } from "./architecture/source-file.ts";

/** A text that stands for a file, and what the check says of it; nothing when the text is as it should be. */
type Planted = readonly [path: string, text: string, ...problems: readonly string[]];

interface Rule {
  readonly promise: string;
  readonly check: Check;
  readonly planted: readonly Planted[];
}

const RULES: readonly Rule[] = [
  {
    promise: "imports only point down",
    check: checkImports,
    planted: [
      ["domain/link/create.ts", 'import { log } from "../../runtime/log.ts";', "domain may not import runtime"],
      ["domain/link/create.ts", 'import type { Command } from "../commands.ts";'],
      ["runtime/log.ts", 'import { pino } from "pino";'],
      ["messaging/codec.ts", 'import { orm } from "../storage/orm.ts";', "messaging may not import storage"],
      ["storage/orm.ts", 'export { topic } from "../messaging/kafka.ts";', "storage may not import messaging"],
      ["storage/orm.ts", 'import { decide } from "../domain/decide.ts";'],
      ["schemas/topics.ts", 'const log = await import("../runtime/log.ts");', "schemas may not import runtime"],
      ["consumers/users.ts", 'import { app } from "../gateway/app.ts";', "consumers may not import gateway"],
      ["consumers/webhooks/send.ts", 'import { store } from "../../storage/delivery-store.ts";'],
      ["stack/kafka.ts", 'import { stub } from "../test/support/stub.ts";', "stack may not import test"],
      ["test/gateway/app.unit.test.ts", 'import { createApp } from "../../gateway/app.ts";'],
      ["cli/doctor/examine.ts", 'import { readTopicStates } from "../../messaging/topic-states.ts";'],
      ["cli/run.ts", 'import { ERRORS } from "../gateway/http-errors.ts";', "cli may not import gateway"],
      ["scripts/print-cli.ts", 'import { COMMANDS } from "../cli/commands.ts";'],
      ["gateway/main.ts", 'import { COMMANDS } from "../cli/commands.ts";', "gateway may not import cli"],
    ],
  },
  {
    promise: "the simulation uses pure parts of others, and nobody but its script uses the simulation",
    check: checkImports,
    planted: [
      ["simulation/memory-store.ts", 'import { runCommands } from "../storage/user-store/run-commands.ts";'],
      ["simulation/memory-store.ts", 'import type { UserStore } from "../storage/user-store.ts";'],
      [
        "simulation/memory-store.ts",
        'import { createUserStore } from "../storage/user-store.ts";',
        "simulation may not import storage/user-store.ts",
      ],
      ["storage/orm.ts", 'import { random } from "../simulation/random.ts";', "storage may not import simulation"],
      ["scripts/simulate.ts", 'import { simulate } from "../simulation/simulate.ts";'],
    ],
  },
  {
    promise: "the conformance suite is independent of the implementation",
    check: checkImports,
    planted: [
      [
        "conformance/signatures.ts",
        'import { sign } from "../domain/webhook/signature.ts";',
        "conformance may not import domain",
      ],
      ["conformance/client.ts", 'import { fetch } from "undici";', "conformance may not import undici"],
      ["conformance/client.ts", 'import { parseArgs } from "node:util";'],
      ["gateway/app.ts", 'import { same } from "../conformance/checks.ts";', "gateway may not import conformance"],
    ],
  },
  {
    promise: "domain imports no package, node:crypto for the signature excepted",
    check: checkImports,
    planted: [
      ["domain/user/fields.ts", 'import { randomUUID } from "node:crypto";', "domain may not import node:crypto"],
      ["domain/webhook/signature.ts", 'import { createHmac } from "node:crypto";'],
      ["domain/webhook/signature.ts", 'import canonicalize from "canonicalize";', "domain may not import canonicalize"],
    ],
  },
  {
    promise: "the gateway reads users and writes configuration, it never writes a user",
    check: checkImports,
    planted: [
      ["gateway/routes/links.ts", 'import { listLinks } from "../../storage/queries/links.ts";'],
      ["gateway/routes/endpoints.ts", 'import { create } from "../../storage/configuration/webhook-endpoints.ts";'],
      [
        "gateway/main.ts",
        'import { createUserStore } from "../storage/user-store.ts";',
        "gateway may not import storage/user-store.ts",
      ],
      ["gateway/main.ts", 'import { createDatabase } from "../storage/orm.ts";'],
      [
        "gateway/routes/links.ts",
        'import { createDatabase } from "../../storage/orm.ts";',
        "gateway may not import storage/orm.ts",
      ],
      ["gateway/routes/links.ts", 'import type { Database } from "../../storage/orm.ts";'],
      ["gateway/main.ts", 'import { createActiveLinkReader } from "../storage/active-link-lock.ts";'],
      [
        "gateway/main.ts",
        'import { createActiveLinkReader, createActiveLinkLock } from "../storage/active-link-lock.ts";',
        "gateway may not import storage/active-link-lock.ts",
      ],
    ],
  },
  {
    promise: "domain has no async, no clock, no chance and no surroundings",
    check: checkDomainPurity,
    planted: [
      [
        "domain/a.ts",
        "export async function f() { await g(); }",
        "domain has no async function",
        "domain has no await",
      ],
      ["domain/a.ts", "export const f = async () => 1;", "domain has no async function"],
      ["domain/a.ts", "const now = Date.now();", "domain has no Date.now"],
      ["domain/a.ts", "const now = new Date();", "domain has no new Date() without a time"],
      ["domain/a.ts", "const then = new Date(now).toISOString();"],
      ["domain/a.ts", "const chance = Math.random();", "domain has no Math.random"],
      ["domain/a.ts", "const most = Math.max(1, 2);"],
      ["domain/a.ts", "const level = process.env.LEVEL;", "domain has no process.env"],
      ["domain/a.ts", "const { env } = process;", "domain has no process"],
      ["domain/a.ts", "setTimeout(f, 1);", "domain has no setTimeout()"],
      ["domain/a.ts", "const p = new Promise(f);", "domain has no new Promise()"],
      ["domain/a.ts", "const p = Promise.resolve(1);", "domain has no Promise.resolve"],
      ["runtime/a.ts", "export const now = async () => Date.now();"],
    ],
  },
  {
    promise: "names say what a thing is for",
    check: checkNames,
    planted: [
      ["gateway/utils.ts", "", '"utils.ts" says nothing'],
      ["gateway/link-helper.ts", "", '"link-helper.ts" says nothing'],
      ["common/link.ts", "", '"common" says nothing'],
      ["gateway/data.ts", "", '"data.ts" says nothing'],
      ["storage/index.ts", "", '"index.ts" says nothing'],
      ["domain/data-request/raise.ts", "export function provideData() {}"],
      ["gateway/link.ts", "function linkManager() {}", '"linkManager" says nothing'],
      ["gateway/link.ts", "function handle() {}"],
      ["test/a.test.ts", "", "a test file ends in .unit, .int, .sys or .fault.test.ts"],
      ["gateway/a.unit.test.ts", "", "tests live in test/"],
    ],
  },
  {
    promise: "every exported function says what it promises",
    check: checkDocComments,
    planted: [
      ["runtime/a.ts", "export function f() {}", "exported function f has no doc comment"],
      ["runtime/a.ts", "export const f = () => 1;", "exported function f has no doc comment"],
      ["runtime/a.ts", "// a remark\nexport function f() {}", "exported function f has no doc comment"],
      ["runtime/a.ts", "/** Of a. */\nconst a = 1;\nexport function f() {}", "exported function f has no doc comment"],
      ["runtime/a.ts", "/** Of f. */\nexport function f() {}\nfunction g() {}\nexport const A = 1;"],
      [
        "runtime/a.ts",
        "/** Of f. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2;\nexport function f(a) { return a; }",
      ],
    ],
  },
  {
    promise: "nothing is left for later",
    check: checkNothingUnfinished,
    planted: [
      ["runtime/a.ts", "// TODO: the rest", "something is left for later"],
      ["runtime/a.ts", "/** FIXME */", "something is left for later"],
      ["runtime/a.ts", 'const words = "TODO"; // a word that is looked for'],
    ],
  },
  {
    promise: "topic names stand in schemas/topics.ts",
    check: checkTopicStrings,
    planted: [
      ["gateway/a.ts", 'publish("m2m.user-commands");', "topic names stand in schemas/topics.ts"],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a file
      ["consumers/a.ts", "publish(`m2m.${name}`);", "topic names stand in schemas/topics.ts"],
      ["schemas/topics.ts", 'const name = "m2m.user-commands";'],
      ["gateway/a.ts", 'const sentence = "see atm2m.example"; // m2m.user-commands'],
    ],
  },
  {
    promise: "a caught error is dealt with",
    check: checkCatches,
    planted: [
      ["gateway/a.ts", "try { f(); } catch { /* never mind */ }", "an empty catch"],
      ["gateway/a.ts", "try { f(); } catch (error) { log.warn({ error }, 'x'); }", "a catch that only logs"],
      ["gateway/a.ts", "try { f(); } catch (error) { deps.log.warn({ error }, 'x'); }", "a catch that only logs"],
      ["gateway/a.ts", "try { f(); } catch (error) { log.warn({ error }, 'x'); failures.inc(); }"],
    ],
  },
  {
    promise: "the type checker is never turned off",
    check: checkCasts,
    planted: [
      ["gateway/a.ts", "const a = b as unknown as string;", "as unknown as"],
      ["gateway/a.ts", "const a = b as unknown;"],
    ],
  },
  {
    promise: "there is one clock, and it is handed in",
    check: checkClock,
    planted: [
      ["gateway/a.ts", "const now = Date.now();", "the time is read in runtime/clock.ts only"],
      ["consumers/a.ts", "const now = new Date();", "the time is read in runtime/clock.ts only"],
      ["gateway/a.ts", "const day = new Date(0); clock.now();"],
    ],
  },
  {
    promise: "every test runs",
    check: checkEveryTestRuns,
    planted: [
      [
        "test/a.unit.test.ts",
        "test.skip('x', f); it.only('y', f); describe.todo('z');",
        "test.skip",
        "it.only",
        "describe.todo",
      ],
      ["test/a.unit.test.ts", "test.each([1])('x', f); test('y', f);"],
    ],
  },
];

const sources = await readSourceFiles(resolve(import.meta.dirname, ".."));

describe.each(RULES)("$promise", ({ check, planted }) => {
  test.each(planted)("%s: %s", (path, text, ...problems) => {
    expect(check(parseSource(path, text)).map(({ problem }) => problem)).toEqual(problems);
  });

  test("holds in the whole project", () => {
    expect(sources.flatMap((source) => check(source)).map(asLine)).toEqual([]);
  });
});

test("G6 nothing but runtime/clock.ts reads the time", () => {
  expect(sources.flatMap((source) => checkClock(source)).map(asLine)).toEqual([]);
});

test("the whole project is looked at", () => {
  const paths = sources.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(["runtime/config.ts", "domain/commands.ts", "test/architecture.unit.test.ts"]),
  );
});

test("a violation names its line", () => {
  expect(checkNothingUnfinished(parseSource("runtime/a.ts", "const a = 1;\n\n// TODO")).map(asLine)).toEqual([
    "runtime/a.ts:3 something is left for later",
  ]);
});

function asLine({ path, line, problem }: { path: string; line: number; problem: string }): string {
  return `${path}:${line} ${problem}`;
}
