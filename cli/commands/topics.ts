import type { CommandGroup, Invocation, Outcome } from "../command.ts";
import { CommandFailed, dependencyDown, wrongUse } from "../command-failed.ts";
import { textTable } from "../text-table.ts";

const SETTINGS_USED = ["brokers", "registryUrl", "topicPrefix", "partitions"] as const;

export const topicsGroup: CommandGroup = {
  word: "topics",
  sentence: "Create Kafka topics and register their schemas, or see whether they are as they should be.",
  commands: [
    {
      path: ["topics", "create"],
      sentence: "Create the topics that are missing and register every schema; what is there stays as it is.",
      arguments: [],
      flags: [],
      settings: SETTINGS_USED,
      examples: ["m2m topics create"],
      run: createAll,
    },
    {
      path: ["topics", "check"],
      sentence: "Compare topics and schemas with the catalogue; changes nothing. Exit code 1 when something differs.",
      arguments: [],
      flags: [],
      settings: SETTINGS_USED,
      examples: ["m2m topics check --json"],
      run: checkAll,
    },
  ],
};

async function createAll({ settings }: Invocation): Promise<Outcome> {
  const { createTopics, PartitionCountFixed } = await import("../../messaging/topics.ts");
  const { registerSchemas } = await import("../../messaging/register-schemas.ts");
  const { SchemaRefused } = await import("../../messaging/schema-errors.ts");
  const { brokers, prefix, partitions, registryUrl } = placeOf(settings);
  const refuse = (error: unknown): never => {
    const isRefusal = error instanceof PartitionCountFixed || error instanceof SchemaRefused;
    if (!isRefusal) throw error;
    const code = error instanceof SchemaRefused ? "SCHEMA_REFUSED" : "PARTITION_COUNT_FIXED";
    throw new CommandFailed(error.message, { kind: "refused", code, cause: error });
  };
  const topics = await orDown("Kafka", createTopics({ brokers, prefix, partitions }).catch(refuse));
  const schemas = await orDown("The schema registry", registerSchemas({ registryUrl, prefix }).catch(refuse));
  const topicLines = topics.map(({ name, isCreated }) => `${name} ${isCreated ? "was created" : "is there"}`);
  const schemaLines = schemas.map(({ subject, id }) => `${subject} has the schema ${id}`);
  return { document: { topics, schemas }, text: [...topicLines, ...schemaLines].join("\n") };
}

async function checkAll({ settings }: Invocation): Promise<Outcome> {
  const { readTopicStates } = await import("../../messaging/topic-states.ts");
  const { readSchemaStates } = await import("../../messaging/schema-states.ts");
  const { brokers, prefix, partitions, registryUrl } = placeOf(settings);
  const [topics, schemas] = await Promise.all([
    orDown("Kafka", readTopicStates({ brokers, prefix, partitions })),
    orDown("The schema registry", readSchemaStates(registryUrl, prefix)),
  ]);
  const isFine = topics.every(({ problem }) => problem === null) && schemas.every(({ isRegistered }) => isRegistered);
  const text = [
    textTable(topics, [
      ["TOPIC", ({ name }) => name],
      ["PARTITIONS", ({ partitions: count }) => count],
      ["STATE", ({ problem }) => problem ?? "fine"],
    ]),
    textTable(schemas, [
      ["SUBJECT", ({ subject }) => subject],
      ["STATE", ({ isRegistered }) => (isRegistered ? "fine" : "our schema is not registered")],
    ]),
    ...(isFine ? [] : ["What to do: `m2m topics create`; a wrong partition count needs docs/operations.md."]),
  ].join("\n\n");
  return { document: { isFine, topics, schemas }, text, exitCode: isFine ? 0 : 1 };
}

function placeOf(settings: Invocation["settings"]) {
  const partitions = Number(settings.require("partitions"));
  if (!Number.isSafeInteger(partitions) || partitions < 1) throw wrongUse("--partitions must be a whole number from 1");
  return {
    brokers: settings.require("brokers").split(","),
    prefix: settings.require("topicPrefix"),
    registryUrl: settings.require("registryUrl"),
    partitions,
  };
}

/** What is no refusal of ours, Kafka and the registry say when they are away. */
function orDown<T>(what: string, doing: Promise<T>): Promise<T> {
  return doing.catch((error: unknown) => {
    if (error instanceof CommandFailed) throw error;
    const reason = error instanceof Error ? error.message : "no reason";
    throw dependencyDown(`${what} does not do this: ${reason}`, "See whether it runs: `m2m doctor`", error);
  });
}
