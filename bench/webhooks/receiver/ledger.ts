import { type Behaviour, type Memory, newMemory, TAKES_ALL } from "./behaviour.ts";

/** One request, as far as the measurements need it. Times are epoch milliseconds with fractions. */
export interface Receipt {
  /** Which event: `benchId` of the payload, else the header webhook-id. */
  readonly id: string;
  readonly sentAtMs: number | null;
  readonly receivedAtMs: number;
  readonly isTaken: boolean;
}

/** What came to one path. */
export interface PathRecord {
  readonly behaviour: Behaviour;
  readonly memory: Memory;
  readonly receipts: Receipt[];
  /** How often each event was answered 2xx. */
  readonly taken: Map<string, number>;
  readonly statuses: Map<string, number>;
  readonly connections: Set<number>;
  /** Requests that came again after they had been answered 2xx. */
  duplicates: number;
  open: number;
  mostOpen: number;
}

/** Everything the receiver has seen, by path. */
export interface Ledger {
  readonly of: (path: string) => PathRecord;
  readonly behave: (path: string, behaviour: Behaviour) => void;
  readonly forget: () => void;
  readonly paths: () => readonly string[];
}

/** An empty ledger: a path takes everything until it is told otherwise. */
export function createLedger(): Ledger {
  const records = new Map<string, PathRecord>();
  const behaviours = new Map<string, Behaviour>();
  const of = (path: string) => {
    const known = records.get(path);
    if (known !== undefined) return known;
    const record = newRecord(behaviours.get(path) ?? TAKES_ALL);
    records.set(path, record);
    return record;
  };
  return {
    of,
    behave: (path, behaviour) => {
      behaviours.set(path, behaviour);
      const known = records.get(path);
      if (known !== undefined) records.set(path, { ...known, behaviour, memory: newMemory() });
    },
    forget: () => records.clear(),
    paths: () => [...records.keys()],
  };
}

function newRecord(behaviour: Behaviour): PathRecord {
  return {
    ...{ behaviour, memory: newMemory(), receipts: [], taken: new Map(), statuses: new Map() },
    ...{ connections: new Set<number>(), duplicates: 0, open: 0, mostOpen: 0 },
  };
}

/** Writes a request down. */
export function noteReceipt(record: PathRecord, receipt: Receipt, status: number | null): void {
  record.receipts.push(receipt);
  const name = status === null ? "none" : String(status);
  record.statuses.set(name, (record.statuses.get(name) ?? 0) + 1);
  const before = record.taken.get(receipt.id) ?? 0;
  if (before > 0) record.duplicates += 1;
  if (receipt.isTaken) record.taken.set(receipt.id, before + 1);
}

/** The counts of a path, as the control interface gives them. */
export interface PathCounts {
  readonly requests: number;
  readonly distinct: number;
  readonly taken: number;
  readonly duplicates: number;
  readonly connections: number;
  readonly open: number;
  readonly mostOpen: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
}

/** Sums a path up. `distinct` are events that were taken, `taken` counts each time. */
export function countsOf(record: PathRecord): PathCounts {
  const { receipts, taken, statuses, connections, duplicates, open, mostOpen } = record;
  return {
    requests: receipts.length,
    distinct: taken.size,
    taken: [...taken.values()].reduce((sum, times) => sum + times, 0),
    ...{ duplicates, connections: connections.size, open, mostOpen },
    statuses: Object.fromEntries(statuses),
    firstAtMs: receipts[0]?.receivedAtMs ?? null,
    lastAtMs: receipts.at(-1)?.receivedAtMs ?? null,
  };
}
