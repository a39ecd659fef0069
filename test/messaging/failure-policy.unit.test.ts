import { KafkaJSConnectionError, KafkaJSNonRetriableError, KafkaJSProtocolError } from "kafkajs";
import { describe, expect, test } from "vitest";
import { classify } from "../../messaging/failure-policy.ts";
import { AssignmentLost } from "../../messaging/heartbeats.ts";
import { BrokerAway, MessageRefused, OutcomeUnknown } from "../../messaging/publish-errors.ts";
import {
  RegistryUnreachable,
  SchemaNotRegistered,
  SchemaRefused,
  SchemaViolation,
} from "../../messaging/schema-errors.ts";

const withCode = (code: string, message = "x") => Object.assign(new Error(message), { code });

describe("classify", () => {
  test.each([
    ["57P01", "ADMIN_SHUTDOWN"],
    ["40001", "SERIALIZATION_FAILURE"],
    ["40P01", "DEADLOCK_DETECTED"],
    ["55P03", "LOCK_NOT_AVAILABLE"],
    ["57014", "QUERY_CANCELED"],
    ["25P03", "IDLE_IN_TRANSACTION_SESSION_TIMEOUT"],
    ["08006", "CONNECTION_EXCEPTION"],
    ["53300", "INSUFFICIENT_RESOURCES"],
    ["ECONNREFUSED", "ECONNREFUSED"],
  ])("Postgres or network code %s passes: %s", (code, name) => {
    expect(classify(withCode(code))).toEqual({ kind: "temporary", name });
  });

  test.each(["23505", "42601", "22P02"])("SQLSTATE %s is a bug or broken data, not a moment", (code) => {
    expect(classify(withCode(code))).toEqual({ kind: "unknown", name: "Error" });
  });

  test.each([
    "Connection terminated unexpectedly",
    "timeout exceeded when trying to connect",
    "Client has encountered a connection error and is not queryable",
    "Connection is closed.",
    "Stream isn't writeable and enableOfflineQueue options is false",
    "LOADING Redis is loading the dataset in memory",
  ])("drivers' words for a lost connection pass: %s", (message) => {
    expect(classify(new Error(message)).kind).toBe("temporary");
  });

  test("kafkajs: what it calls retriable passes, what it gave up on is judged by its cause", () => {
    const closed = new KafkaJSConnectionError("Closed connection");
    expect(classify(closed)).toEqual({ kind: "temporary", name: "KafkaJSConnectionError" });
    // Its types do not tell of the cause that its constructor takes.
    const givenUp = (cause: Error) => Object.assign(new KafkaJSNonRetriableError(cause), { cause });
    expect(classify(givenUp(closed)).kind).toBe("temporary");
    expect(classify(givenUp(new TypeError("x is not a function"))).kind).toBe("unknown");
  });

  test("kafkajs: a rebalance passes although kafkajs cannot retry it itself", () => {
    const rebalance = { name: "x", message: "rebalancing", type: "REBALANCE_IN_PROGRESS", code: 27, retriable: false };
    expect(classify(new KafkaJSProtocolError(rebalance))).toEqual({ kind: "temporary", name: "REBALANCE_IN_PROGRESS" });
  });

  test("our own errors", () => {
    const temporary = [
      new BrokerAway(),
      new OutcomeUnknown(),
      new RegistryUnreachable("x"),
      new SchemaNotRegistered("x"),
      new AssignmentLost(),
    ];
    for (const error of temporary) expect(classify(error)).toEqual({ kind: "temporary", name: error.name });
    const final = [new SchemaViolation("x", []), new MessageRefused("x")];
    for (const error of final) expect(classify(error)).toEqual({ kind: "final", name: error.name });
    expect(classify(new SchemaRefused("s", "r")).kind).toBe("unknown");
  });

  test("the first that is recognized along the causes counts", () => {
    expect(classify(new Error("saving failed", { cause: withCode("40001") })).name).toBe("SERIALIZATION_FAILURE");
    expect(classify(new SchemaViolation("x", [], { cause: withCode("ECONNRESET") })).kind).toBe("final");
  });

  test("anything can be thrown", () => {
    const circle = new Error("a");
    circle.cause = circle;
    expect(classify(circle)).toEqual({ kind: "unknown", name: "Error" });
    expect(classify("text")).toEqual({ kind: "unknown", name: "string" });
    expect(classify(undefined)).toEqual({ kind: "unknown", name: "undefined" });
    expect(classify(new TypeError("x"))).toEqual({ kind: "unknown", name: "TypeError" });
  });
});
