import { expect, test } from "vitest";
import { completeLock, type LockFile, missingPackages } from "../../scripts/check-lock-file.ts";

const BINDINGS = {
  "@a/tool-linux-x64-musl": "1.2.3",
  "@a/tool-linux-x64-gnu": "1.2.3",
  "@a/tool-win32-arm64-msvc": "1.2.3",
};

const LOCK: LockFile = {
  packages: {
    "": { version: "0.1.0" },
    "node_modules/@a/tool": { version: "1.2.3", dev: true, optionalDependencies: BINDINGS },
    "node_modules/@a/tool-linux-x64-gnu": { version: "1.2.3", dev: true, optional: true },
    "node_modules/b": { version: "2.0.0" },
    "node_modules/b/node_modules/c": { version: "3.0.0", optionalDependencies: { nested: "4.0.0", beside: "5.0.0" } },
    "node_modules/b/node_modules/beside": { version: "5.0.0" },
    "node_modules/b/node_modules/c/node_modules/nested": { version: "4.0.0" },
  },
};

test("optional packages that a lock file names and does not hold are found", () => {
  expect(missingPackages(LOCK).map(({ name }) => name)).toEqual(["@a/tool-linux-x64-musl", "@a/tool-win32-arm64-msvc"]);
});

test("a completed lock file holds them with their platform, and keeps the rest", () => {
  const completed = completeLock(LOCK);
  expect(missingPackages(completed)).toEqual([]);
  expect(completed.packages).toMatchObject(LOCK.packages);
  expect(completed.packages["node_modules/@a/tool-linux-x64-musl"]).toEqual({
    version: "1.2.3",
    cpu: ["x64"],
    dev: true,
    libc: ["musl"],
    optional: true,
    os: ["linux"],
  });
  expect(completed.packages["node_modules/@a/tool-win32-arm64-msvc"]).toMatchObject({ cpu: ["arm64"], os: ["win32"] });
});

test("a version that is not exact cannot be added", () => {
  const lock = { packages: { "node_modules/a": { version: "1.0.0", optionalDependencies: { fsevents: "~2.3.3" } } } };
  expect(() => completeLock(lock)).toThrow("fsevents: ~2.3.3 is not an exact version");
});
