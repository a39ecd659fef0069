import { expect, test } from "vitest";
import { gaugeUsers } from "../../../consumers/timers/user-gauge.ts";
import { manualClock } from "../../../runtime/clock.ts";
import { createMetrics } from "../../../runtime/metrics.ts";

test("users by state are shown, counted at most once a minute", async () => {
  const metrics = createMetrics("test");
  const clock = manualClock(0);
  let counts = 0;
  gaugeUsers({
    metrics,
    clock: clock.now,
    count: async () => {
      counts += 1;
      return new Map([["cip_verified", counts]]);
    },
  });
  const shown = async () => /m2m_users\{state="cip_verified".*\} (\d+)/.exec(await metrics.text())?.[1];
  expect([await shown(), await shown()]).toEqual(["1", "1"]);
  clock.advance(60_001);
  expect(await shown()).toBe("2");
});
