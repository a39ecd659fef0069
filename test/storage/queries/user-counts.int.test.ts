import { expect, test } from "vitest";
import { countUsersByState } from "../../../storage/queries/user-counts.ts";
import { useDatabase } from "../../support/database.ts";
import { aUser, storeUser } from "../rows.ts";

const { em } = useDatabase();

test("users are counted by state", async () => {
  expect(await countUsersByState(em())).toEqual(new Map());
  await storeUser(em(), aUser({ state: "cip_verified" }));
  await storeUser(em(), aUser({ state: "cip_verified" }));
  await storeUser(em(), aUser({ state: "pending" }));
  expect(await countUsersByState(em())).toEqual(
    new Map([
      ["cip_verified", 2],
      ["pending", 1],
    ]),
  );
});
