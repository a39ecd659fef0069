import { OPTIONS } from "../runtime/config.ts";
import { TOPICS, type Topic } from "../schemas/topics.ts";
import { markdownDocument, markdownTable } from "./print-table.ts";

const DAY_MS = 86_400_000;
const KEYS = {
  user: "`partner/environment/referenceId`",
  any: "any",
  original: "that of the message it holds",
} as const satisfies Record<Topic["key"], string>;

/** docs/topics.md: a row per topic, with the default prefix. */
export function renderTopics(): string {
  const rows = Object.values<Topic>(TOPICS).map((topic) => [
    `\`${OPTIONS.TOPIC_PREFIX.default}${topic.name}\``,
    KEYS[topic.key],
    topic.writers.join(", "),
    topic.readers.join(", "),
    `[${topic.schema}](../schemas/${topic.schema})`,
    topic.partitions === "user" ? "`TOPIC_PARTITIONS`" : String(topic.partitions),
    `${topic.retentionMs / DAY_MS} days`,
    topic.sentence,
  ]);
  return markdownDocument("Topics", "schemas/topics.ts", [
    "Names are shown with the default `TOPIC_PREFIX`. Values are JSON Schema in the registry, in the Confluent wire " +
      "format. `npm run topics` creates what is missing; nothing is created by writing to it.",
    markdownTable(["topic", "key", "written by", "read by", "value", "partitions", "kept", "what it is for"], rows),
  ]);
}
