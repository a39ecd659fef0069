import { findOnPath } from "./find-on-path.ts";
import { findJava, JAVA_MINIMUM, type Java, type JavaFound } from "./java.ts";
import { cacheFolder, isFetched, type MavenOptions, type MavenPart } from "./maven.ts";
import { installedRedis } from "./redis.ts";

/** What a native stack is made with. */
export interface NativeTools {
  readonly java: Java;
  readonly maven: Pick<MavenOptions, "cache" | "mvn" | "javaHome" | "environment">;
  /** A Redis that is installed on this machine; else Maven brings one. */
  readonly redis: string | undefined;
}

/** The tools, or one sentence that says what is missing. */
export type NativeToolsFound =
  | { readonly kind: "found"; readonly tools: NativeTools }
  | { readonly kind: "missing"; readonly sentence: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** Looks for Java, Maven and Redis. Maven may be absent once everything it would bring is in the cache. */
export async function findNativeTools(environment: Environment, userFolder: string): Promise<NativeToolsFound> {
  const searchPath = environment["PATH"] ?? "";
  const cache = cacheFolder(environment, userFolder);
  const [found, mvn, redis] = await Promise.all([
    findJava({ javaHome: environment["JAVA_HOME"], searchPath, userFolder }),
    findOnPath("mvn", searchPath),
    installedRedis(searchPath),
  ]);
  const parts: readonly MavenPart[] = redis === undefined ? ["kafka", "registry", "redis"] : ["kafka", "registry"];
  const fetched = await Promise.all(parts.map((part) => isFetched(part, cache)));
  const isMavenNeeded = fetched.includes(false);
  if (found.java !== undefined && (mvn !== undefined || !isMavenNeeded)) {
    const maven = { cache, mvn, javaHome: found.java.home, environment };
    return { kind: "found", tools: { java: found.java, maven, redis } };
  }
  const missing = [
    ...(found.java === undefined ? [describeMissingJava(found)] : []),
    ...(mvn === undefined && isMavenNeeded ? ["no Maven (mvn) on the PATH"] : []),
  ];
  return { kind: "missing", sentence: missing.join(" and ") };
}

function describeMissingJava({ seen }: JavaFound): string {
  const wanted = `no Java ${JAVA_MINIMUM} or newer in JAVA_HOME, on the PATH or in the usual folders`;
  if (seen.length === 0) return wanted;
  return `${wanted} (only ${seen.map((java) => `Java ${java.majorVersion} in ${java.home}`).join(", ")})`;
}
