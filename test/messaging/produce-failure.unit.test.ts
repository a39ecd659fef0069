import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSRequestTimeoutError } from "kafkajs";
import { describe, expect, test } from "vitest";
import { judgeProduceFailure } from "../../messaging/produce-failure.ts";

const connection = (message: string, code?: string) =>
  Object.assign(new KafkaJSConnectionError(message), code === undefined ? {} : { code });
const exceeded = (cause: Error) => new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 3, retryTime: 1 });
const named = (name: string, more: object = {}) => Object.assign(new Error("x"), { name, ...more });

describe("judgeProduceFailure", () => {
  test.each([
    ["a refused connection", connection("Connection error: x", "ECONNREFUSED")],
    ["a connection that did not open in time", connection("Connection timeout")],
    ["a connection that is not there", connection("Not connected")],
    ["the same after kafkajs gave up", exceeded(connection("Connection error: x", "ENOTFOUND"))],
    ["no broker at all", named("KafkaJSNoBrokerAvailableError")],
  ])("%s: nothing was sent, Kafka is away", (_, error) => {
    expect(judgeProduceFailure(error)).toBe("unreachable");
  });

  test.each([
    ["metadata is missing", named("KafkaJSTopicMetadataNotLoaded")],
    ["metadata was not answered", new KafkaJSRequestTimeoutError("Request Metadata(key: 3, version: 6) timed out")],
  ])("%s: nothing was sent", (_, error) => {
    expect(judgeProduceFailure(error)).toBe("not_sent");
  });

  test.each([
    ["the request was not answered", new KafkaJSRequestTimeoutError("Request Produce(key: 0, version: 7) timed out")],
    ["the connection was closed", named("KafkaJSConnectionClosedError")],
    ["the connection was reset", connection("Connection error: read ECONNRESET", "ECONNRESET")],
    ["the leader moved", named("KafkaJSProtocolError", { type: "NOT_LEADER_FOR_PARTITION" })],
    ["anything else", new TypeError("x")],
    ["not even an error", "text"],
  ])("%s: it may have been sent", (_, error) => {
    expect(judgeProduceFailure(error)).toBe("perhaps_sent");
  });

  test("a broker that will never take it", () => {
    expect(judgeProduceFailure(named("KafkaJSProtocolError", { type: "MESSAGE_TOO_LARGE" }))).toBe("refused");
  });
});
