import { expect, test } from "vitest";
import { type AdmissionSettings, admit } from "../../../consumers/users/admission.ts";

const PROGRESS = { clusterId: "cluster-1", nextOffset: 10n, publishedThrough: 0n };

function settings(changes: Partial<AdmissionSettings> = {}) {
  const begun: unknown[] = [];
  const given: AdmissionSettings = {
    clusterId: async () => "cluster-1",
    offsets: async () => new Map([[3, { low: 5n, high: 20n }]]),
    readProgress: async () => PROGRESS,
    beginProgress: async (start) => void begun.push(start),
    ...changes,
  };
  return { given, begun };
}

test("a partition goes on where Postgres says that it is", async () => {
  expect(await admit(3, settings().given)).toEqual({ kind: "admitted", clusterId: "cluster-1", nextOffset: 10n });
});

test("a partition nobody has worked on begins with the oldest message that Kafka has", async () => {
  const { given, begun } = settings({ readProgress: async () => null });
  expect(await admit(3, given)).toEqual({ kind: "admitted", clusterId: "cluster-1", nextOffset: 5n });
  expect(begun).toEqual([{ partition: 3, clusterId: "cluster-1", nextOffset: 5n }]);
});

test.each<[string, Partial<AdmissionSettings>, RegExp]>([
  [
    "another Kafka cluster",
    { clusterId: async () => "cluster-2" },
    /from Kafka cluster cluster-1, but this is cluster-2/,
  ],
  ["a topic that ends too early", { offsets: async () => new Map([[3, { low: 0n, high: 9n }]]) }, /ends at 9: it was/],
  [
    "messages deleted unread",
    { offsets: async () => new Map([[3, { low: 11n, high: 20n }]]) },
    /begins at 11: messages/,
  ],
  ["a partition that Kafka does not know", { offsets: async () => new Map() }, /does not know partition 3/],
])("%s stops the partition with a sentence, and nothing is begun", async (_, changes, sentence) => {
  const { given, begun } = settings(changes);
  const admission = await admit(3, given);
  expect(admission).toMatchObject({ kind: "stopped", reason: expect.stringMatching(sentence) });
  expect(begun).toEqual([]);
});
