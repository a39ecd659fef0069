import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TOPICS, type TopicKey } from "../schemas/topics.ts";

/** Gives the JSON Schema text of a topic's values. */
export type SchemaSource = (topic: TopicKey) => Promise<string>;

const FOLDER = join(import.meta.dirname, "..", "schemas");

/** The schemas that this version of the code was written with, as they stand in schemas/. */
export const readMessageSchema: SchemaSource = (topic) => readFile(join(FOLDER, TOPICS[topic].schema), "utf8");
