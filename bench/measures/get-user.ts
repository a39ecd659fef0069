import type { Benchmark } from "../benchmark.ts";
import { alternate } from "../rounds.ts";
import { CLOSED, makeUsers, startOurs, withSubjects } from "./subjects.ts";

const USERS = 5_000;
const PREFIX = "read";

/** Reading a user, over one gateway process. */
export const getUser: Benchmark = {
  name: "get-user",
  sentence: "GET of a user over 64 connections on one gateway process",
  run: ({ services, rounds, scale }) =>
    withSubjects([() => startOurs(services)], async (ours) => {
      await makeUsers(ours, PREFIX, USERS);
      const samples = await alternate(rounds, {
        reads: () =>
          ours.load({
            workload: { kind: "get-user", prefix: PREFIX, users: USERS },
            pace: CLOSED,
            connections: 64,
            warmUpMs: 1_000,
            measureMs: 4_000 * scale,
          }),
      });
      const values = samples.reads.map(({ perSecond }) => perSecond);
      return {
        figures: [{ what: "users read", unit: "/s", values, target: { must: "at least", limit: 2_500 } }],
        raw: samples,
      };
    }),
};
