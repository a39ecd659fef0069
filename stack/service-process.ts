import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { exists } from "./exists.ts";
import { forgetProcess, rememberProcess } from "./pid-file.ts";
import { isHeldByConnection, requireFreePort } from "./ports.ts";
import { areGone, descendants, signalProcess } from "./process-table.ts";
import { StackError } from "./stack-error.ts";

/** How to run one process of the stack and how to see that it is ready. */
export interface ServiceCommand {
  readonly name: string;
  readonly port: number;
  readonly executable: string;
  readonly arguments: readonly string[];
  /** The whole environment of the process: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  /** Another user to run as. Only possible as root. */
  readonly runAs?: { readonly uid: number; readonly gid: number } | undefined;
  /** File that receives stdout and stderr. The one of the run before is kept, with `.1` at its end. */
  readonly log: string;
  readonly pidFile: string;
  /** A part of the command line that no process but this one has, by which a leftover is known again. */
  readonly marker: string;
  readonly stopSignal: NodeJS.Signals;
  readonly stopWithinMs: number;
  readonly readyWithinMs: number;
  /** Asked again and again until it answers true. A rejection counts as false. */
  readonly isReady: (pid: number) => Promise<boolean>;
  /** Ends the wait for readiness, and the process with it. */
  readonly signal?: AbortSignal | undefined;
}

/** A running service. */
export interface Service {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly log: string;
  /** Resolves, with words for how, when the process has ended, whether it was asked to or not. Never rejects. */
  readonly ended: Promise<string>;
  /** Stops the process and all its children in mid-flight (SIGSTOP): connections stay open and nothing answers. */
  pause(): Promise<void>;
  /** Undoes `pause`. */
  resume(): Promise<void>;
  /** Ends the process and all its children at once (SIGKILL), as a crash would. */
  kill(): Promise<void>;
  /** Asks the process to end and waits; after the service's own deadline it is killed. Safe to call twice. */
  stop(): Promise<void>;
}

const PROBE_EVERY_MS = 50;
const LOG_END_BYTES = 16_384;
const KILLED_WITHIN_MS = 10_000;

/**
 * Starts a process in a process group of its own, so that Ctrl-C in the terminal does not reach it, and waits until it
 * is ready. Refuses with a StackError, after stopping what was started, when it ends early or is not ready in time.
 */
export async function startService(command: ServiceCommand): Promise<Service> {
  try {
    return await startOnce(command);
  } catch (error) {
    // An outgoing connection of anybody on this machine may have got the port since it was looked at.
    if (!(await isHeldByConnection(command.port))) throw error;
    await requireFreePort(command.port, command.name);
    return startOnce(command);
  }
}

async function startOnce(command: ServiceCommand): Promise<Service> {
  await beginLog(command.log);
  const child = launch(command);
  const ended = endOf(child);
  const pid = child.pid;
  if (pid === undefined) throw new StackError(`${command.name} cannot be started: ${await ended}.`);
  await rememberProcess(command.pidFile, { pid, marker: command.marker, stopSignal: command.stopSignal });
  const service = toService(command, child, { pid, ended });
  try {
    await waitUntilReady(command, { pid, ended });
  } catch (error) {
    await service.stop();
    throw error;
  }
  return service;
}

/** Every run has a log of its own; that of the run before it is kept beside it. */
async function beginLog(log: string): Promise<void> {
  await mkdir(dirname(log), { recursive: true });
  if (await exists(log)) await rename(log, `${log}.1`);
}

function launch(command: ServiceCommand): ChildProcess {
  const log = openSync(command.log, "a", 0o600);
  try {
    return spawn(command.executable, [...command.arguments], {
      cwd: command.workingFolder,
      env: command.environment,
      detached: true,
      stdio: ["ignore", log, log],
      ...command.runAs,
    });
  } finally {
    closeSync(log);
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`),
    );
  });
}

function toService(
  command: ServiceCommand,
  child: ChildProcess,
  life: { pid: number; ended: Promise<string> },
): Service {
  const { pid, ended } = life;
  const signalAll = async (signal: NodeJS.Signals) => {
    for (const one of [pid, ...(await descendants(pid))]) signalProcess(one, signal);
  };
  const isOverWithin = async (withinMs: number) => {
    if (!(await isOver(ended, withinMs))) return false;
    await forgetProcess(command.pidFile);
    return true;
  };
  const kill = async () => {
    const family = await descendants(pid);
    if (hasNotEnded(child)) for (const one of [pid, ...family]) signalProcess(one, "SIGKILL");
    // What still runs of the family may hold what the next start needs, such as Postgres's shared memory.
    const isEnded = (await isOverWithin(KILLED_WITHIN_MS)) && (await areGone(family, KILLED_WITHIN_MS));
    if (!isEnded) throw new StackError(`${command.name} (process ${pid}) does not end.`);
  };
  const stop = async () => {
    // A paused process would not see the signal to stop.
    if (hasNotEnded(child)) await signalAll("SIGCONT");
    if (hasNotEnded(child)) child.kill(command.stopSignal);
    if (!(await isOverWithin(command.stopWithinMs))) await kill();
  };
  return {
    name: command.name,
    port: command.port,
    pid,
    log: command.log,
    ended,
    pause: () => signalAll("SIGSTOP"),
    resume: () => signalAll("SIGCONT"),
    kill,
    stop,
  };
}

function hasNotEnded(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function waitUntilReady(
  command: ServiceCommand,
  { pid, ended }: { pid: number; ended: Promise<string> },
): Promise<void> {
  const deadline = performance.now() + command.readyWithinMs;
  while (performance.now() < deadline) {
    if (command.signal?.aborted === true) throw new StackError(`${command.name} was stopped while starting.`);
    if (await command.isReady(pid).catch(() => false)) return;
    if (await isOver(ended, PROBE_EVERY_MS)) {
      throw new StackError(`${command.name} did not start: ${await ended}. ${await lastLines(command.log)}`);
    }
  }
  const seconds = Math.round(command.readyWithinMs / 1_000);
  throw new StackError(`${command.name} was not ready within ${seconds} s. ${await lastLines(command.log)}`);
}

/** The end of a log file, introduced by its name, for the message about a process that has ended. */
export async function lastLines(log: string, count = 15): Promise<string> {
  const text = await readEnd(log).catch(() => "");
  const lines = text.trimEnd().split("\n").slice(-count);
  return text.trim() === "" ? `Its log ${log} is empty.` : `The last lines of ${log}:\n${lines.join("\n")}`;
}

/** A log may be large: only its end is read. */
async function readEnd(log: string): Promise<string> {
  const file = await open(log);
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - LOG_END_BYTES);
    const { buffer, bytesRead } = await file.read({ position: start, length: LOG_END_BYTES });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

function isOver(ended: Promise<unknown>, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    void ended.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
