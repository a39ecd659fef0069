import { startSpeaking } from "./child.ts";
import type { Behaviour } from "./receiver/behaviour.ts";
import type { PathCounts, Receipt } from "./receiver/ledger.ts";

/** A partner's server in a process of its own, and what it has seen. */
export interface Receiver {
  readonly pid: number;
  readonly url: (path: string) => string;
  readonly behave: (behaviours: Readonly<Record<string, Behaviour>>) => Promise<void>;
  readonly forget: () => Promise<void>;
  readonly counts: () => Promise<Readonly<Record<string, PathCounts>>>;
  /** Of each event's first receipt: when it was sent and how long it took, in milliseconds. */
  readonly latencies: (path: string) => Promise<readonly (readonly [sentAtMs: number, latencyMs: number])[]>;
  /** How often each event was answered 2xx. */
  readonly taken: (path: string) => Promise<ReadonlyMap<string, number>>;
  readonly receipts: (path: string) => Promise<readonly Receipt[]>;
  readonly stop: () => Promise<void>;
}

/** Starts a receiver on a free port. */
export async function startReceiver(): Promise<Receiver> {
  const child = startSpeaking("bench/webhooks/receiver/main.ts", "0");
  const { port } = (await child.next()) as { readonly port: number };
  const origin = `http://127.0.0.1:${port}`;
  const ask = async (command: string, body?: unknown): Promise<unknown> => {
    const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${origin}/control/${command}`, options);
    if (!answer.ok) throw new Error(`the receiver answers ${answer.status} to ${command}`);
    return answer.json();
  };
  const of = (command: string, path: string) => ask(`${command}?path=${encodeURIComponent(path)}`);
  return {
    pid: child.pid,
    url: (path) => `${origin}${path}`,
    behave: async (behaviours) => void (await ask("behave", behaviours)),
    forget: async () => void (await ask("forget")),
    counts: async () => (await ask("counts")) as Readonly<Record<string, PathCounts>>,
    latencies: async (path) => (await of("latencies", path)) as readonly (readonly [number, number])[],
    taken: async (path) => new Map((await of("taken", path)) as readonly [string, number][]),
    receipts: async (path) => (await of("receipts", path)) as readonly Receipt[],
    stop: async () => {
      child.signal("SIGTERM");
      await child.exited;
    },
  };
}
