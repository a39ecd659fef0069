import { subjectName, TOPIC_KEYS } from "../schemas/topics.ts";
import { readMessageSchema } from "./message-schemas.ts";
import { callRegistry } from "./registry-api.ts";

/** Whether the registry knows the schema that this code writes a topic's values with. */
export interface SchemaState {
  readonly subject: string;
  readonly isRegistered: boolean;
}

/** Every subject of the catalogue as it is. Changes nothing. @throws RegistryUnreachable. */
export async function readSchemaStates(registryUrl: string, prefix: string): Promise<readonly SchemaState[]> {
  return Promise.all(
    TOPIC_KEYS.map(async (topic) => {
      const subject = subjectName(prefix, topic);
      const schema = await readMessageSchema(topic);
      const path = `/subjects/${encodeURIComponent(subject)}`;
      const { status } = await callRegistry(
        { registryUrl },
        { method: "POST", path, body: { schemaType: "JSON", schema } },
      );
      return { subject, isRegistered: status === 200 };
    }),
  );
}
