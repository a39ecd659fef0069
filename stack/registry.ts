import { join } from "node:path";
import { logFile, makeFolder, serviceFolder } from "./folders.ts";
import { pidFile } from "./leftovers.ts";
import { httpAnswers } from "./probes.ts";
import { type Service, startService } from "./service-process.ts";

/** A running schema registry and the address of its Confluent-compatible API. */
export interface RegistryService extends Service {
  readonly url: string;
}

/** What a registry needs: `java` is the executable, `program` the folder of the unpacked Apicurio. */
export interface RegistryOptions {
  readonly dir: string;
  readonly port: number;
  readonly java: string;
  readonly program: string;
  /** A database of its own, as `postgres://user:password@host:port/name`. */
  readonly databaseUrl: string;
  readonly signal?: AbortSignal | undefined;
}

const API = "/apis/ccompat/v7";

/**
 * Starts an Apicurio registry at 127.0.0.1 that keeps its schemas in Postgres, so that their ids survive a restart (the
 * in-memory kind would hand out ids anew). Refuses with a StackError.
 */
export async function startRegistry(options: RegistryOptions): Promise<RegistryService> {
  const { dir, port, signal } = options;
  const folder = serviceFolder(dir, "registry");
  await makeFolder(folder);
  const jar = join(options.program, "quarkus-run.jar");
  const service = await startService({
    name: "registry",
    port,
    executable: options.java,
    arguments: ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", `-Dm2m.stack=${folder}`, "-jar", jar],
    environment: environment(options),
    workingFolder: folder,
    log: logFile(dir, "registry"),
    pidFile: pidFile(dir, "registry"),
    marker: `-Dm2m.stack=${folder}`,
    stopSignal: "SIGTERM",
    stopWithinMs: 10_000,
    readyWithinMs: 90_000,
    isReady: () => httpAnswers(port, `${API}/subjects`),
    signal,
  });
  return { ...service, url: `http://127.0.0.1:${port}${API}` };
}

function environment({ port, databaseUrl }: RegistryOptions): Readonly<Record<string, string>> {
  const { host, pathname, username, password } = new URL(databaseUrl);
  return {
    LC_ALL: "C",
    TZ: "UTC",
    QUARKUS_HTTP_HOST: "127.0.0.1",
    QUARKUS_HTTP_PORT: String(port),
    // Its management interface listens beside it, at port 9000 unless told; 0 is any free port.
    QUARKUS_MANAGEMENT_HOST: "127.0.0.1",
    QUARKUS_MANAGEMENT_PORT: "0",
    APICURIO_STORAGE_KIND: "sql",
    APICURIO_STORAGE_SQL_KIND: "postgresql",
    APICURIO_DATASOURCE_URL: `jdbc:postgresql://${host}${pathname}`,
    APICURIO_DATASOURCE_USERNAME: decodeURIComponent(username),
    APICURIO_DATASOURCE_PASSWORD: decodeURIComponent(password),
  };
}
