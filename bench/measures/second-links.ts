import type { Benchmark } from "../benchmark.ts";
import { alternate } from "../rounds.ts";
import { ratios } from "../statistics.ts";
import {
  CLOSED,
  type LoadSample,
  makeUsers,
  type Subject,
  startOurs,
  startSynchronous,
  withSubjects,
} from "./subjects.ts";

const USERS = 3_000;
const PREFIX = "known";

/** Links that replace the active one of an existing user and change the user's data: loads, merges and updates. */
export const secondLinks: Benchmark = {
  name: "second-links",
  sentence: "second links with merged data for existing users over 256 connections, beside (a) and (b)",
  run: ({ services, rounds, scale, say }) => {
    const starts = [
      () => startOurs(services),
      () => startSynchronous(services, "orm"),
      () => startSynchronous(services, "pg"),
    ];
    return withSubjects(starts, async (ours, orm, pg) => {
      say(`making ${USERS} users for each`);
      for (const subject of [ours, orm, pg]) await makeUsers(subject, PREFIX, USERS);
      const second = (subject: Subject) => () =>
        subject.load({
          workload: { kind: "second-links", prefix: PREFIX, users: USERS },
          pace: CLOSED,
          connections: 256,
          warmUpMs: 1_500,
          measureMs: 5_000 * scale,
        });
      const samples = await alternate(rounds, { ours: second(ours), orm: second(orm), pg: second(pg) });
      const rate = (of: readonly LoadSample[]) => of.map(({ perSecond }) => perSecond);
      const [own, a, b] = [rate(samples.ours), rate(samples.orm), rate(samples.pg)];
      return {
        figures: [
          { what: "second links", unit: "/s", values: own, target: null },
          { what: "(a) Koa + MikroORM", unit: "/s", values: a, target: null },
          { what: "(b) Koa + pg", unit: "/s", values: b, target: null },
          { what: "÷ (a)", unit: "×", values: ratios(own, a), target: { must: "at least", limit: 6, stretch: 8 } },
          { what: "÷ (b)", unit: "×", values: ratios(own, b), target: { must: "at least", limit: 2, stretch: 3 } },
        ],
        raw: samples,
      };
    });
  },
};
