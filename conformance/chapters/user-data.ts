import { at, isError, isSuccess, listAt, same } from "../checks.ts";
import type { Chapter } from "../subject.ts";

const BANK = { country: "MX", accountNumber: "012345678901234567" };
const TOMORROW = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);

const TAKEN: readonly (readonly [what: string, userData: object])[] = [
  ["a name of 100 characters", { name: { firstName: "x".repeat(100) } }],
  ["an idNumber of 64 characters", { idNumber: "x".repeat(64) }],
  ["an idNumber whose check digit is wrong", { idNumber: "GALO900515HDFRPN00", idType: "CURP" }],
  ["an idType of 32 characters", { idType: "x".repeat(32) }],
  ["a dob of 1900-01-01", { dob: "1900-01-01" }],
  ["a dob on a leap day", { dob: "2000-02-29" }],
  ["a bank account", { paymentMethod: { type: "bank_account", bankAccount: BANK } }],
  [
    "an accountNumber of 34 characters",
    { paymentMethod: { type: "bank_account", bankAccount: { ...BANK, accountNumber: "9".repeat(34) } } },
  ],
  ["cash", { paymentMethod: { type: "cash", cash: { provider: "oxxo" } } }],
  ["a card as a token", { paymentMethod: { type: "card", card: { token: "tok_1", last4: "4242", brand: "visa" } } }],
  ["notApplicable", { notApplicable: ["name.secondName"] }],
];

const REFUSED: readonly (readonly [what: string, userData: object, names: string])[] = [
  ["a name of 101 characters", { name: { firstName: "x".repeat(101) } }, "userData.name.firstName"],
  ["a name that is a number", { name: { lastName: 7 } }, "userData.name.lastName"],
  ["a name as one text", { name: "Ana Torres" }, "userData.name"],
  ["an idNumber of 65 characters", { idNumber: "x".repeat(65) }, "userData.idNumber"],
  ["an idType of 33 characters", { idType: "x".repeat(33) }, "userData.idType"],
  ["a dob that does not exist", { dob: "1990-02-30" }, "userData.dob"],
  ["a dob in another form", { dob: "15/05/1990" }, "userData.dob"],
  ["a dob with a time", { dob: "1990-05-15T00:00:00Z" }, "userData.dob"],
  ["a dob before 1900", { dob: "1899-12-31" }, "userData.dob"],
  ["a dob in the future", { dob: TOMORROW }, "userData.dob"],
  ["a paymentMethod of an unknown type", { paymentMethod: { type: "cheque" } }, "userData.paymentMethod.type"],
  [
    "a card number",
    { paymentMethod: { type: "card", card: { number: "4242424242424242" } } },
    "userData.paymentMethod.card.token",
  ],
  [
    "an accountNumber of 3 characters",
    { paymentMethod: { type: "bank_account", bankAccount: { ...BANK, accountNumber: "123" } } },
    "userData.paymentMethod.bankAccount.accountNumber",
  ],
  [
    "a country of three letters",
    { paymentMethod: { type: "bank_account", bankAccount: { ...BANK, country: "MEX" } } },
    "userData.paymentMethod.bankAccount.country",
  ],
  ["notApplicable for another field", { notApplicable: ["dob"] }, "userData.notApplicable"],
  [
    "a value and notApplicable at once",
    { name: { secondName: "Sol" }, notApplicable: ["name.secondName"] },
    "userData.name.secondName",
  ],
];

/** The table of userData, by PATCH of one user; a refusal leaves the version alone. */
export const USER_DATA: Chapter = {
  title: "userData",
  check: async ({ call, newReferenceId }, expect) => {
    const referenceId = newReferenceId();
    const path = `/partner/users/${referenceId}`;
    const patch = (userData: object) => call({ method: "PATCH", path, body: { userData } });
    await call({ method: "POST", path: "/partner/links", body: { referenceId } });
    for (const [what, userData] of TAKEN) {
      await expect(`${what} is taken`, async () => isSuccess(await patch(userData), 200));
    }
    const before = at((await call({ path })).json, "data.userVersion");
    for (const [what, userData, names] of REFUSED) {
      await expect(`${what} is 400 and names ${names}`, async () => {
        isError(await patch(userData), { status: 400, code: "INVALID_REQUEST", names });
      });
    }
    await expect("one bad field refuses all; details names each", async () => {
      const answer = await patch({ idNumber: "AAAA000000", dob: "yesterday", idType: 7 });
      const paths = listAt(answer, "error.details").map((detail) => at(detail, "path"));
      same(paths.toSorted(), ["userData.dob", "userData.idType"], "the paths of details");
    });
    await expect("no refusal has changed the user", async () => {
      same(at((await call({ path })).json, "data.userVersion"), before, "userVersion");
    });
    await expect("null and blank mean not provided: told in ignoredFields, nothing erased", async () => {
      const answer = await patch({ name: { firstName: " " }, idNumber: null });
      isSuccess(answer, 200);
      const ignored = listAt(answer, "data.ignoredFields").map((field) => [at(field, "path"), at(field, "reason")]);
      same(
        ignored.toSorted(),
        [
          ["idNumber", "empty_value"],
          ["name.firstName", "empty_value"],
        ],
        "ignoredFields",
      );
      same(at((await call({ path })).json, "data.userVersion"), before, "userVersion");
    });
    await expect("idNumber, dob and accountNumber are masked", async () => {
      await patch({
        idNumber: "GALO900515",
        dob: "1990-05-15",
        paymentMethod: { type: "bank_account", bankAccount: BANK },
      });
      const { text } = await call({ path });
      same(
        ["GALO900515", "1990-05-15", BANK.accountNumber].filter((value) => text.includes(value)),
        [],
        "values in the answer",
      );
    });
    await expect("a PATCH of an unknown user is 404", async () => {
      const answer = await call({
        method: "PATCH",
        path: `/partner/users/${newReferenceId()}`,
        body: { userData: { dob: "1990-05-15" } },
      });
      isError(answer, { status: 404, code: "RESOURCE_NOT_FOUND" });
    });
  },
};
