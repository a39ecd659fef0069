import type { Command } from "../../domain/commands.ts";
import type { Values } from "../../domain/user/fields.ts";
import { snapshotOf } from "../history/saved-history.ts";
import type { Scene } from "../move.ts";
import { MOVES } from "../moves.ts";
import type { World } from "../world.ts";
import { dueCommands } from "./due.ts";
import type { Person } from "./population.ts";

const TIMER_LAG_MS = 240_000;

/** Somebody does something about some user; now and then the same command is sent twice. */
export function act(world: World): void {
  const person = world.population.someone();
  if (person === undefined) return;
  const { random, tally } = world;
  if (person.sent.length > 0 && random.chance(0.02)) {
    tally.countAccident("command sent twice");
    world.send(random.pick(person.sent));
    return;
  }
  const command = someCommand(world, person);
  if (command === null) return;
  if (Object.keys(command.values).length > 0 && random.chance(0.005)) {
    tally.countAccident("command without its values");
    world.sendBroken({ ...command, values: {} });
  } else world.send(command);
}

function someCommand(world: World, person: Person): Command | null {
  const { random, store, clocks, partners, identifiers } = world;
  const { address, sent } = person;
  const now = new Date(clocks.now()).toISOString();
  const envelope = {
    ...address,
    commandId: identifiers.nextCommandId(address.partner),
    issuedAt: now,
    replyTo: REPLY_TO,
  };
  const scene: Scene = {
    ...{ random, now, sent, referenceId: address.referenceId },
    record: store.recordOf(address),
    partner: snapshotOf(address, partners.of(address.partner)),
    newEventId: () => `report_${envelope.commandId}`,
  };
  const move = random.weighted(MOVES, ({ weight }) => weight(scene));
  if (move === undefined) return null;
  const { payload, values = {} }: { readonly payload: unknown; readonly values?: Values } = move.say(scene);
  return { ...envelope, type: move.type, actor: { kind: move.actor, id: null }, payload, values } as Command;
}

const REPLY_TO = "simulation";

/** The timers look for what is due: on a clock of their own, and sometimes so late or early that it is not so any more. */
export function lookForDue({ random, clocks, partners, population, store, send, tally }: World): void {
  const nowMs = clocks.now() + random.below(TIMER_LAG_MS) - TIMER_LAG_MS / 2;
  for (const { address } of population.living()) {
    const validForDays = partners.of(address.partner).settings.cipValidForDays ?? null;
    for (const command of dueCommands(address, store.recordOf(address), { nowMs, validForDays })) {
      tally.countAccident("command of a timer");
      send({ ...command, replyTo: REPLY_TO });
    }
  }
}
