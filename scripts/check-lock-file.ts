/** The part of package-lock.json that says which packages there are. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** An optional package that another one names and the lock file does not hold; `place` is where it would lie. */
export interface MissingPackage {
  readonly place: string;
  readonly name: string;
  readonly version: string;
  readonly isForDevelopment: boolean;
}

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
const LIBRARIES: Readonly<Record<string, string>> = {
  gnu: "glibc",
  gnueabihf: "glibc",
  musl: "musl",
  musleabihf: "musl",
};

/**
 * The optional packages that a lock file should hold and does not. `npm ci` refuses such a file. It comes about when a
 * lock file is written against a registry mirror that does not have the packages of other platforms.
 */
export function missingPackages({ packages }: LockFile): MissingPackage[] {
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isHeld(packages, place, name))
      .map(([name, version]) => ({ place: `node_modules/${name}`, name, version, isForDevelopment: dev })),
  );
  return missing.filter(({ place }, index) => missing.findIndex((other) => other.place === place) === index);
}

/**
 * The lock file with its missing packages: version and platform, which is all npm needs to leave them out elsewhere.
 * They have no integrity, because the registry at hand does not have them. Throws on a version that is not exact.
 */
export function completeLock(lock: LockFile): LockFile {
  const added = missingPackages(lock).map((missing) => [missing.place, entryOf(missing)] as const);
  const sorted = [...Object.entries(lock.packages), ...added].sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

/** A package may lie beside the one that names it, or beside any that encloses that one. */
function isHeld(packages: LockFile["packages"], place: string, name: string): boolean {
  const folders = place.split("/node_modules/").map((_, depth, all) => all.slice(0, depth + 1).join("/node_modules/"));
  return ["", ...folders].some(
    (folder) => (folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`) in packages,
  );
}

function entryOf({ name, version, isForDevelopment }: MissingPackage) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) throw new Error(`${name}: ${version} is not an exact version`);
  const words = name.split(/[/-]/);
  const find = (known: readonly string[]) => words.filter((word) => known.includes(word));
  const [library] = find(Object.keys(LIBRARIES));
  const libc = words.includes("linux") && library ? LIBRARIES[library] : undefined;
  return {
    version,
    cpu: find(PROCESSORS),
    ...(isForDevelopment ? { dev: true } : {}),
    ...(libc ? { libc: [libc] } : {}),
    optional: true,
    os: find(SYSTEMS),
  };
}
