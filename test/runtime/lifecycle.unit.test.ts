import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { createLifecycle, LifecycleError, type Part, stopOnSignal } from "../../runtime/lifecycle.ts";
import { createLog } from "../../runtime/log.ts";

const log = createLog({ level: "silent", component: "test" });
const settings = { stopTimeoutMs: 1_000, log };

function recorder() {
  const steps: string[] = [];
  const part = (name: string, change: Partial<Part> = {}): Part => ({
    name,
    start: async () => void steps.push(`start ${name}`),
    stop: async () => void steps.push(`stop ${name}`),
    ...change,
  });
  return { steps, part };
}

async function failureOf(promise: Promise<void>): Promise<LifecycleError> {
  const error = await promise.then(
    () => new Error("nothing failed"),
    (reason: unknown) => reason,
  );
  if (error instanceof LifecycleError) return error;
  throw error;
}

describe("createLifecycle", () => {
  test("starts in order, stops in reverse, and each only once", async () => {
    const { steps, part } = recorder();
    const lifecycle = createLifecycle([part("a"), part("b"), { name: "c" }], settings);
    await Promise.all([lifecycle.start(), lifecycle.start()]);
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    await lifecycle.stop();
    expect(steps).toEqual(["start a", "start b", "stop b", "stop a"]);
  });

  test("those of an inner list start in order and stop at the same time", async () => {
    const { steps, part } = recorder();
    const { promise: isLastStopping, resolve } = Promise.withResolvers<void>();
    const first = part("b", { stop: () => isLastStopping.then(() => void steps.push("stop b")) });
    const last = part("c", { stop: async () => resolve() });
    const lifecycle = createLifecycle([part("a"), [first, last]], settings);
    await lifecycle.start();
    await lifecycle.stop();
    expect(steps).toEqual(["start a", "start b", "start c", "stop b", "stop a"]);
  });

  test("a start that fails within an inner list stops those of it that had started", async () => {
    const { steps, part } = recorder();
    const broken = part("c", { start: () => Promise.reject(new Error("no")) });
    const error = await failureOf(createLifecycle([part("a"), [part("b"), broken, part("d")]], settings).start());
    expect(steps).toEqual(["start a", "start b", "stop b", "stop a"]);
    expect(error.message).toBe("c did not start");
  });

  test("a failed start stops what had started and says what failed", async () => {
    const { steps, part } = recorder();
    const cause = new Error("port taken");
    const broken = part("b", { start: () => Promise.reject(cause) });
    const error = await failureOf(createLifecycle([part("a"), broken, part("c")], settings).start());
    expect(steps).toEqual(["start a", "stop a"]);
    expect(error.errors).toEqual([expect.objectContaining({ message: "b did not start", cause })]);
  });

  test("every part is stopped and all errors come together", async () => {
    const { steps, part } = recorder();
    const broken = (name: string) => part(name, { stop: () => Promise.reject(new Error(`${name} is stuck`)) });
    const lifecycle = createLifecycle([part("a"), broken("b"), part("c"), broken("d")], settings);
    await lifecycle.start();
    const error = await failureOf(lifecycle.stop());
    expect(steps.filter((step) => step.startsWith("stop"))).toEqual(["stop c", "stop a"]);
    expect(error.message).toBe("d did not stop; b did not stop");
  });

  test("a part that does not stop is left behind at the deadline, the others are still told", async () => {
    const { steps, part } = recorder();
    const stuck = part("b", { stop: () => new Promise(() => undefined) });
    const lifecycle = createLifecycle([part("a"), stuck], { stopTimeoutMs: 20, log });
    await lifecycle.start();
    const error = await failureOf(lifecycle.stop());
    expect(error.errors[0]).toMatchObject({ message: "b did not stop", cause: { message: "not within 20 ms" } });
    expect(steps).toContain("stop a");
  });

  test("a stop during the start lets the current part finish and starts no other", async () => {
    const { steps, part } = recorder();
    const gate = Promise.withResolvers<void>();
    const slow = part("a", { start: () => gate.promise });
    const lifecycle = createLifecycle([slow, part("b")], settings);
    const starting = failureOf(lifecycle.start());
    const stopping = lifecycle.stop();
    gate.resolve();
    expect((await starting).message).toContain("b was not started");
    await stopping;
    expect(steps).toEqual(["stop a"]);
  });

  test("a stop without a start does nothing", async () => {
    const { steps, part } = recorder();
    await createLifecycle([part("a")], settings).stop();
    expect(steps).toEqual([]);
  });
});

describe("stopOnSignal", () => {
  function signals() {
    const emitter = new EventEmitter();
    const exited = Promise.withResolvers<number>();
    const codes: number[] = [];
    const exit = (code: number) => {
      codes.push(code);
      exited.resolve(code);
    };
    return { emitter, codes, exited: exited.promise, source: Object.assign(emitter, { exit }) };
  }

  test.each(["SIGTERM", "SIGINT"] as const)("%s stops the parts and ends with 0", async (signal) => {
    const { steps, part } = recorder();
    const { emitter, exited, source } = signals();
    const lifecycle = createLifecycle([part("a")], settings);
    await lifecycle.start();
    stopOnSignal(lifecycle, log, source);
    emitter.emit(signal);
    expect(await exited).toBe(0);
    expect(steps).toEqual(["start a", "stop a"]);
  });

  test("an unclean stop ends with 1", async () => {
    const { part } = recorder();
    const { emitter, exited, source } = signals();
    const lifecycle = createLifecycle([part("a", { stop: () => Promise.reject(new Error("stuck")) })], settings);
    await lifecycle.start();
    stopOnSignal(lifecycle, log, source);
    emitter.emit("SIGTERM");
    expect(await exited).toBe(1);
  });

  test("a second signal ends at once, and the listeners can be taken away", async () => {
    const { part } = recorder();
    const { emitter, codes, source } = signals();
    const lifecycle = createLifecycle([part("a", { stop: () => new Promise(() => undefined) })], {
      stopTimeoutMs: 60_000,
      log,
    });
    const remove = stopOnSignal(lifecycle, log, source);
    emitter.emit("SIGINT");
    emitter.emit("SIGINT");
    expect(codes).toEqual([1]);
    remove();
    expect(emitter.listenerCount("SIGINT") + emitter.listenerCount("SIGTERM")).toBe(0);
  });
});
