import { expect, test } from "vitest";
import { stepsOf } from "../../domain/link/session.ts";
import { winnersOf } from "../../domain/user/precedence.ts";
import { type Play, play, typesOf } from "../support/domain.ts";

const FIRST_ACCOUNT = {
  type: "bank_account",
  bankAccount: { country: "MX", accountNumber: "012345678901234567" },
} as const;
const NEW_ACCOUNT = {
  type: "bank_account",
  bankAccount: { country: "MX", accountNumber: "098765432109876543" },
} as const;

const steps = (stage: Play) =>
  stepsOf({
    link: stage.link(),
    user: stage.user(),
    operation: null,
    settings: stage.partner.settings,
    now: stage.clock.now(),
  });

function transfers(stage: Play): void {
  stage.confirm();
  stage.clock.advanceMinutes(1);
  stage.updateOperation({ status: "processing" });
  stage.clock.advanceMinutes(1);
  stage.updateOperation({ status: "completed" });
}

test("S13 S2 S4 S7 S8 S12 the seed's three transactions, to the letter", () => {
  const stage = play({ referenceId: "user_12345" });

  const first = stage.create({ userData: { name: { firstName: "Juan", lastName: "Garcia" } } });
  expect(first.events.at(-1)).toMatchObject({
    type: "user.data_request",
    data: { requiredFields: ["name.secondName", "idNumber", "dob"] },
  });
  stage.clock.advanceMinutes(1);
  const answered = stage.answer({ name: { secondName: "Carlos" }, idNumber: "GALO900515", dob: "1990-05-15" });
  expect(answered.answer).toMatchObject({ status: "fulfilled", remainingFields: [], ignoredFields: [] });
  expect(stage.user().state).toBe("data_complete");
  stage.clock.advanceMinutes(1);
  stage.open();
  expect(steps(stage)).toEqual(["cip", "payment_method", "confirm", "done"]);
  stage.submitCip();
  stage.clock.advanceMinutes(1);
  stage.cipResult();
  expect(stage.user().state).toBe("cip_verified");
  stage.provide({ paymentMethod: FIRST_ACCOUNT });
  transfers(stage);
  expect(stage.link().status).toBe("completed");

  const second = stage.create();
  expect(typesOf(second)).toEqual(["link.created"]);
  expect(second.answer).toMatchObject({ userState: "cip_verified", missingFields: [], dataRequestId: null });
  stage.open();
  expect(steps(stage)).toEqual(["confirm", "done"]);
  transfers(stage);

  const third = stage.create({ userData: { paymentMethod: NEW_ACCOUNT } });
  expect(typesOf(third)).toEqual(["user.data_updated", "link.created"]);
  expect(stage.user().state).toBe("cip_verified");
  expect(winnersOf(stage.user()).paymentMethod).toMatchObject({ source: "partner_api", value: NEW_ACCOUNT });
  stage.open();
  expect(steps(stage)).toEqual(["confirm", "done"]);
  transfers(stage);

  expect(stage.record().operations.map(({ paymentMethod }) => paymentMethod)).toEqual([
    FIRST_ACCOUNT,
    FIRST_ACCOUNT,
    NEW_ACCOUNT,
  ]);
  expect(stage.record().links.map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
  expect(stage.record().attempts).toHaveLength(1);
  expect(stage.record().dataRequests).toHaveLength(1);
});

test("S16 a partner that only follows the events knows the user's state at every moment", () => {
  const stage = play();
  let cached: unknown = null;
  const follow = () => {
    const moves = stage.history().filter(({ type }) => type === "user.state_changed" || type === "user.created");
    const last = moves.at(-1)?.data ?? {};
    cached = "to" in last ? last.to : "state" in last ? last.state : null;
    expect(cached).toBe(stage.user().state);
  };
  const moments = [
    () => stage.create(),
    () => stage.answer({ name: { firstName: "Juan", lastName: "Garcia" }, notApplicable: ["name.secondName"] }),
    () => stage.open(),
    () => stage.provide({ idNumber: "GALO900515", dob: "1990-05-15", paymentMethod: FIRST_ACCOUNT }),
    () => stage.submitCip(),
    () => stage.cipResult({ outcome: "needs_data", missingFields: ["dob"] }),
    () => stage.provide({ dob: "1990-05-16" }),
    () => stage.submitCip(),
    () => stage.cipResult({ outcome: "failed", revision: 1 }),
    () => stage.cipResult({ outcome: "verified", revision: 2 }),
    () => transfers(stage),
  ];
  for (const moment of moments) {
    moment();
    follow();
  }
  expect(cached).toBe("cip_verified");
});
