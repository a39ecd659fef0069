import { readTopicStates, type TopicQuestion } from "../../messaging/topic-states.ts";
import { down, type Finding, fine, wrong } from "./finding.ts";

/** Whether Kafka answers and has every topic with the partitions it should have. */
export async function checkKafka(question: TopicQuestion): Promise<readonly Finding[]> {
  try {
    const states = await readTopicStates(question);
    const problems = states.flatMap(({ name, problem }) => (problem === null ? [] : [`${name} ${problem}`]));
    const isMissing = states.some(({ partitions }) => partitions === null);
    const wayOut = isMissing
      ? "Run `m2m topics create`, and see whether --topic-prefix (TOPIC_PREFIX) is right"
      : "Set TOPIC_PARTITIONS back to what they have; docs/operations.md says why";
    const topics = problems.length === 0 ? fine("topics", `${states.length} are there`) : undefined;
    return [fine("Kafka", "answers"), topics ?? wrong("topics", problems.join("; "), wayOut)];
  } catch (error) {
    return [down("Kafka", error, "Start it, and see whether --brokers (KAFKA_BROKERS) is right")];
  }
}
