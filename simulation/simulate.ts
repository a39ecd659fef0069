import type { Validate } from "../schemas/validators.ts";
import { Violation } from "./checks/violation.ts";
import { replayHistory } from "./history/replay-history.ts";
import type { SavedHistory } from "./history/saved-history.ts";
import { shrinkHistory } from "./history/shrink-history.ts";
import { act, lookForDue } from "./world/act.ts";
import { applyCommands, drain, listen, partitionsOf, publish, settle } from "./world/carry.ts";
import type { Tally } from "./world/tally.ts";
import { createWorld, type Mirror, type World } from "./world.ts";

export interface SimulationSettings {
  readonly seed: number;
  readonly steps: number;
  readonly isValidEvent: Validate;
  /** How often an event is held against its schema, 0..1. */
  readonly schemaShare?: number;
  readonly mirror?: Mirror;
  /** Called after every step, with its number. */
  readonly onStep?: (step: number) => void;
}

export interface SimulationReport {
  /** Steps that were made; fewer than asked for when a property did not hold. */
  readonly steps: number;
  readonly tally: Tally;
  readonly users: number;
  /** Of every event in the order of commits: the same seed and steps give the same. */
  readonly historyHash: string;
  readonly found: FoundViolation | null;
}

/** A property that did not hold, at a step, and the shortest history of one user that shows it; empty when none does. */
export interface FoundViolation extends SavedHistory {
  readonly step: number;
}

/**
 * Random partners, users, widgets, providers and timers on a virtual clock, over the twins of store and broker; what
 * must hold for any history is looked at after every batch. Ends at the first thing that does not hold.
 */
export async function simulate(settings: SimulationSettings): Promise<SimulationReport> {
  const { seed, steps, isValidEvent, schemaShare = 0.02, mirror, onStep } = settings;
  const world = createWorld({ seed, isValidEvent, schemaShare, ...(mirror === undefined ? {} : { mirror }) });
  for (const slug of world.partners.slugs) mirror?.partner(slug, world.partners.of(slug));
  let step = 0;
  let found: FoundViolation | null = null;
  try {
    for (step = 1; step <= steps; step += 1) {
      await takeStep(world, mirror);
      onStep?.(step);
    }
    await drain(world);
    await settle(world);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    found = { ...(await shortestHistory(world, error, isValidEvent)), seed, step };
  }
  const { tally, population, historyHash } = world;
  return { steps: Math.min(step, steps), tally, users: population.born(), historyHash: historyHash(), found };
}

const KINDS = [
  { kind: "act", weight: 47 },
  { kind: "apply", weight: 40 },
  { kind: "publish", weight: 5 },
  { kind: "time", weight: 6 },
  { kind: "timers", weight: 1.2 },
  { kind: "partner", weight: 0.4 },
  { kind: "retire", weight: 0.4 },
] as const;

async function takeStep(world: World, mirror: Mirror | undefined): Promise<void> {
  const kind = world.random.weighted(KINDS, ({ weight }) => weight)?.kind ?? "act";
  switch (kind) {
    case "act":
      return act(world);
    case "apply":
      return applyCommands(world);
    case "publish":
      return publishSome(world);
    case "time":
      return world.clocks.pass();
    case "timers":
      return lookForDue(world);
    case "partner": {
      const slug = world.partners.change();
      return mirror?.partner(slug, world.partners.of(slug));
    }
    case "retire":
      return retire(world);
    default:
      return kind satisfies never;
  }
}

async function publishSome(world: World): Promise<void> {
  const partition = world.random.pick(partitionsOf(world));
  publish(world, partition);
  await listen(world, partition);
}

/** Nobody goes before everything about him is applied, published and read: it is checked to be complete. */
async function retire(world: World): Promise<void> {
  const { population, store, watch } = world;
  if (population.living().every(({ sent, lifetime }) => sent.length < lifetime)) return;
  await drain(world);
  for (const { address } of population.retire(() => true)) {
    store.forget(address);
    watch.forget(address);
  }
}

/** Looks for the user whose own history shows what was found, and leaves out of it what is not needed. */
async function shortestHistory(world: World, violation: Violation, isValidEvent: Validate): Promise<SavedHistory> {
  const { property, message: detail } = violation;
  for (const { applied } of world.population.living()) {
    const shown = await replayHistory(applied, isValidEvent);
    if (shown === null) continue;
    const isSameProperty = async (steps: SavedHistory["steps"]): Promise<boolean> =>
      (await replayHistory(steps, isValidEvent))?.property === shown.property;
    const steps = await shrinkHistory(applied, isSameProperty);
    return { property: shown.property, detail: shown.message, seed: 0, steps };
  }
  return { property, detail, seed: 0, steps: [] };
}
