import { describe, expect, test } from "vitest";
import type { FieldValue, Path } from "../../../domain/user/fields.ts";
import { maskValue, revealValue } from "../../../domain/user/masking.ts";
import { BANK_ACCOUNT, CARD } from "../../support/domain-commands.ts";

const IMAGE = { imageId: "img_1", sha256: "00ff", sizeInBytes: 1_000 };
const CASH = { type: "cash", cash: { provider: "oxxo", reference: "A1" } } as const;

describe("what may be shown", () => {
  test.each<[Path, FieldValue, unknown]>([
    ["idNumber", "GALO900515", "******0515"],
    ["idNumber", "ABCDE", "***DE"],
    ["idNumber", "AB", "*B"],
    ["idNumber", "A", "*"],
    ["dob", "1990-05-15", "1990-**-**"],
    ["name.firstName", "Juan", "Juan"],
    ["idType", "CURP", "CURP"],
    [
      "paymentMethod",
      BANK_ACCOUNT,
      { type: "bank_account", bankAccount: { country: "MX", accountNumber: "**************4567" } },
    ],
    ["paymentMethod", CARD, { type: "card", card: { token: "****5f2a".slice(-8), last4: "4242" } }],
    ["paymentMethod", CASH, CASH],
    ["idImage", IMAGE, { sha256: "00ff", sizeInBytes: 1_000 }],
  ])("%s is masked: %j", (path, value, masked) => {
    expect(maskValue(path, value)).toEqual(masked);
  });

  test.each<[FieldValue, unknown]>([
    ["GALO900515", "GALO900515"],
    [BANK_ACCOUNT, BANK_ACCOUNT],
    [IMAGE, { sha256: "00ff", sizeInBytes: 1_000 }],
  ])("who may see values sees %j whole, and of an image only its hash and size", (value, shown) => {
    expect(revealValue(value)).toEqual(shown);
  });
});
