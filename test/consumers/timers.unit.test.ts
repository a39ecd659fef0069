import type { EntityManager } from "@mikro-orm/postgresql";
import { describe, expect, test } from "vitest";
import { ASK_AGAIN_AFTER_MS, expireLinkCommand, parkHeldResultCommand } from "../../consumers/timers/due-commands.ts";
import { publishDue } from "../../consumers/timers/publish-due.ts";
import { createRecentlyPublished } from "../../consumers/timers/recently-published.ts";
import { takeTurn } from "../../consumers/timers/turn.ts";
import type { OutgoingMessage } from "../../messaging/publisher.ts";
import { manualClock } from "../../runtime/clock.ts";
import type { Due } from "../../storage/queries/due.ts";

const AT = "2026-03-01T11:00:00.000Z";
const atMs = Date.parse(AT);
const address = { partner: "acme", environment: "test", referenceId: "user-1" } as const;

describe("commands about what is due", () => {
  test("G7 their ids are the same whoever publishes them, and others ten minutes later", () => {
    const idAt = (nowMs: number, due = link("link_acme_a")) => expireLinkCommand(due, nowMs).command.commandId;
    expect(idAt(atMs)).toBe(idAt(atMs + ASK_AGAIN_AFTER_MS - 1));
    expect(idAt(atMs)).not.toBe(idAt(atMs + ASK_AGAIN_AFTER_MS));
    expect(idAt(atMs)).not.toBe(idAt(atMs, link("link_acme_b")));
  });

  test("G7 they are for the link's user, by the timer", () => {
    expect(expireLinkCommand(link("link_acme_a"), atMs)).toMatchObject({
      causationId: "link_acme_a",
      command: {
        type: "ExpireLink",
        ...address,
        actor: { kind: "timer", id: null },
        payload: { linkId: "link_acme_a" },
      },
    });
  });

  test("B2 a held result counts its ten minutes from the moment when it was held long enough", () => {
    const heldForMs = 24 * 3_600_000;
    const idAt = (nowMs: number) => parkHeldResultCommand(link("held_acme_a"), nowMs, heldForMs).command.commandId;
    expect(idAt(atMs + heldForMs)).toBe(idAt(atMs + heldForMs + ASK_AGAIN_AFTER_MS - 1));
    expect(idAt(atMs + heldForMs)).not.toBe(idAt(atMs + heldForMs + ASK_AGAIN_AFTER_MS));
  });
});

describe("createRecentlyPublished", () => {
  test("forgets after its time and keeps no more than it may", () => {
    const clock = manualClock(0);
    const recent = createRecentlyPublished(clock.now, { forMs: 1_000, most: 3 });
    recent.add(["a", "b"]);
    clock.advance(600);
    recent.add(["c", "a"]);
    expect(["a", "b", "c"].filter(recent.has)).toEqual(["a", "b", "c"]);
    clock.advance(600);
    expect(["a", "b", "c"].filter(recent.has)).toEqual(["a", "c"]);
    recent.add(["d", "e", "f"]);
    expect(["a", "b", "c", "d", "e", "f"].filter(recent.has)).toEqual(["d", "e", "f"]);
  });
});

describe("publishDue", () => {
  test("everything due is published once, however often it is found", async () => {
    const { look, published } = setUp(1_200);
    expect(await look()).toBe(1_200);
    expect(await look()).toBe(0);
    expect(new Set(published).size).toBe(1_200);
    expect(published).toHaveLength(1_200);
  });

  test("what Kafka did not take is published the next time", async () => {
    const { look, published, failNext } = setUp(3);
    failNext();
    await expect(look()).rejects.toThrow("away");
    expect(await look()).toBe(3);
    expect(published).toHaveLength(3);
  });

  test("without the turn nothing is published", async () => {
    const { look, published, loseTurn } = setUp(3);
    loseTurn();
    expect(await look()).toBe(0);
    expect(published).toEqual([]);
  });
});

describe("takeTurn", () => {
  test("G7 whoever lost the connection that held the turn knows it, and never has it back", async () => {
    const postgres = playedPostgres();
    const answers: boolean[] = [];
    await takeTurn(postgres.em, "a turn", async (turn) => {
      answers.push(await turn.isOurs());
      postgres.isThere = false;
      answers.push(await turn.isOurs());
      postgres.isThere = true;
      answers.push(await turn.isOurs());
    });
    expect(answers).toEqual([true, false, false]);
  });
});

/** The little of MikroORM that a turn needs. */
function playedPostgres() {
  const executeQuery = async () => {
    if (!played.isThere) throw new Error("Connection terminated unexpectedly");
    return { rows: [{ is_ours: true }] };
  };
  const em: Partial<EntityManager> = {
    transactional: async (work) => work(played.em),
    // @ts-expect-error one function of the query builder is all that a turn needs
    getKysely: () => ({ executeQuery }),
  };
  const played = { isThere: true, em: em as EntityManager };
  return played;
}

function link(id: string): Due {
  return { id, at: AT, address };
}

function setUp(count: number) {
  const all = Array.from({ length: count }, (_, number) => link(`link_acme_${String(number).padStart(5, "0")}`));
  const published: string[] = [];
  const recent = createRecentlyPublished(() => atMs, { forMs: 1_000, most: 10_000 });
  let fails = false;
  let isOurs = true;
  const publishAll = async (messages: readonly OutgoingMessage[]) => {
    if (fails) {
      fails = false;
      throw new Error("away");
    }
    published.push(...messages.map(({ headers }) => headers?.["messageId"] ?? ""));
  };
  const look = () =>
    publishDue({
      find: async ({ limit, after }) => all.filter(({ id }) => id > (after?.id ?? "")).slice(0, limit),
      until: AT,
      toCommand: (due) => expireLinkCommand(due, atMs),
      publisher: { publishAll },
      recent,
      isOurTurn: async () => isOurs,
    });
  return {
    look,
    published,
    failNext: () => {
      fails = true;
    },
    loseTurn: () => {
      isOurs = false;
    },
  };
}
