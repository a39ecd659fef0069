import { posix } from "node:path";
import { type Check, folderOf, type SourceFile, violation } from "./source-file.ts";

/** What each folder may import besides itself: arrows only point down. Tests and benches may import anything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  runtime: [],
  schemas: ["domain"],
  widget: [],
  conformance: [],
  messaging: ["schemas", "runtime", "domain"],
  storage: ["schemas", "runtime", "domain"],
  gateway: ["storage", "messaging", "schemas", "runtime", "domain"],
  consumers: ["storage", "messaging", "schemas", "runtime", "domain"],
  cli: ["storage", "messaging", "schemas", "runtime", "domain"],
  simulation: ["consumers", "storage", "messaging", "schemas", "runtime", "domain"],
  stack: ["runtime"],
  scripts: [
    "bench",
    "cli",
    "simulation",
    "stack",
    "gateway",
    "consumers",
    "storage",
    "messaging",
    "schemas",
    "runtime",
    "domain",
  ],
};

/** What the gateway may import of storage: it reads users and writes configuration, it never writes a user. */
const GATEWAY_READS = /^storage\/(queries|configuration)\//;
/** What its main.ts puts together besides, and what others may name the types of. */
const GATEWAY_WIRING = ["orm", "redis", "decisions", "user-changes", "sealing", "scope"].map(
  (name) => `storage/${name}.ts`,
);
/** What the simulation may import of others besides types: their pure parts. The rest it has twins of. */
const SIMULATED = [
  ...["apply-messages"].map((name) => `consumers/users/${name}.ts`),
  ...["due-commands"].map((name) => `consumers/timers/${name}.ts`),
  ...["draft-outbox", "needs", "run-commands", "working-set"].map((name) => `storage/user-store/${name}.ts`),
];
const LOCK = "storage/active-link-lock.ts";
const LOCK_READ_SIDE = /reader/i;

/** The one place in domain that may use node:crypto. */
const SIGNATURE = "domain/webhook/signature.ts";

interface Import {
  readonly from: string;
  readonly offset: number;
  readonly names: readonly string[];
  readonly isType: boolean;
}

/** Import arrows of the folders, the gateway's restriction, and the domain's independence of everything. */
export const checkImports: Check = (file) => {
  if (["test", "bench"].includes(folderOf(file.path))) return [];
  return importsOf(file).flatMap((one) => {
    const problem = one.from.startsWith(".") ? problemWithOwn(file, one) : problemWithForeign(file, one);
    return problem ? [violation(file, one.offset, problem)] : [];
  });
};

function problemWithOwn(file: SourceFile, one: Import): string | undefined {
  const target = posix.join(posix.dirname(file.path), one.from);
  const [from, to] = [folderOf(file.path), folderOf(target)];
  if (from === to) return undefined;
  if (!MAY_IMPORT[from]?.includes(to)) return `${from} may not import ${to}`;
  if (from === "gateway" && to === "storage" && !isGatewayAllowed(file.path, target, one)) {
    return `gateway may not import ${target}`;
  }
  if (from === "simulation" && ["consumers", "storage", "messaging"].includes(to) && !one.isType) {
    return SIMULATED.includes(target) ? undefined : `simulation may not import ${target}`;
  }
  return undefined;
}

function problemWithForeign(file: SourceFile, { from }: Import): string | undefined {
  if (folderOf(file.path) === "conformance" && !from.startsWith("node:")) return `conformance may not import ${from}`;
  if (folderOf(file.path) !== "domain" || (file.path === SIGNATURE && from === "node:crypto")) return undefined;
  return `domain may not import ${from}`;
}

function isGatewayAllowed(path: string, target: string, { names, isType }: Import): boolean {
  if (GATEWAY_READS.test(target)) return true;
  if (target === LOCK) return names.length > 0 && names.every((name) => LOCK_READ_SIDE.test(name));
  return GATEWAY_WIRING.includes(target) && (isType || path === "gateway/main.ts");
}

function importsOf({ parsed, text }: SourceFile): Import[] {
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  return [
    ...staticImports.map(({ moduleRequest, start, entries }) => ({
      from: moduleRequest.value,
      offset: start,
      names: entries.map(({ importName, localName }) => importName.name ?? localName.value),
      isType: entries.length > 0 && entries.every((entry) => entry.isType),
    })),
    ...staticExports.flatMap(({ start, entries }) =>
      entries.flatMap(({ moduleRequest, importName, isType }) =>
        moduleRequest ? [{ from: moduleRequest.value, offset: start, names: [importName.name ?? "*"], isType }] : [],
      ),
    ),
    ...dynamicImports.map(({ moduleRequest, start }) => ({
      from: text.slice(moduleRequest.start, moduleRequest.end).replace(/^["'`]|["'`]$/g, ""),
      offset: start,
      names: ["*"],
      isType: false,
    })),
  ];
}
