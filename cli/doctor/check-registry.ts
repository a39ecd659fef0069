import { readSchemaStates } from "../../messaging/schema-states.ts";
import { down, type Finding, fine, wrong } from "./finding.ts";

/** Whether the schema registry answers and has the schemas of this release. */
export async function checkRegistry(registryUrl: string, prefix: string): Promise<readonly Finding[]> {
  try {
    const states = await readSchemaStates(registryUrl, prefix);
    const missing = states.filter(({ isRegistered }) => !isRegistered).map(({ subject }) => subject);
    const schemas = missing.length === 0 ? fine("schemas", `${states.length} are registered`) : undefined;
    const detail = `not registered as this release has them: ${missing.join(", ")}`;
    return [fine("schema registry", "answers"), schemas ?? wrong("schemas", detail, "Run `m2m topics create`")];
  } catch (error) {
    const wayOut = "Start it, and see whether --registry-url (SCHEMA_REGISTRY_URL) is right";
    return [down("schema registry", error, wayOut)];
  }
}
