import fc from "fast-check";
import { expect, test } from "vitest";
import { isoTime } from "../../storage/mapping/iso-time.ts";

const ANY_MOMENT = fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z") });

/** As Postgres writes a timestamptz(3) in UTC: zeros at the end of the fraction are left out. */
function postgresForm(moment: Date): string {
  const [day = "", time = ""] = moment.toISOString().slice(0, -1).split("T");
  return `${day} ${time.replace(/\.?0+$/, "")}+00`;
}

test("any time of Postgres becomes the ISO time of the same moment", () => {
  expect(postgresForm(new Date("2026-11-28T10:08:50.970Z"))).toBe("2026-11-28 10:08:50.97+00");
  expect(postgresForm(new Date("2026-11-28T10:00:00.000Z"))).toBe("2026-11-28 10:00:00+00");
  fc.assert(
    fc.property(ANY_MOMENT, (moment) => {
      fc.pre(!Number.isNaN(moment.getTime()));
      expect(isoTime(postgresForm(moment))).toBe(moment.toISOString());
    }),
  );
});

test("a time of another zone, one without a space, and a number are understood as well", () => {
  expect(isoTime("2026-11-28 11:08:50.97+01")).toBe("2026-11-28T10:08:50.970Z");
  expect(isoTime("2026-11-28T10:08:50.97+00:00")).toBe("2026-11-28T10:08:50.970Z");
  expect(isoTime(0)).toBe("1970-01-01T00:00:00.000Z");
});
