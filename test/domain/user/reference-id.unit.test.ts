import { describe, expect, test } from "vitest";
import { referenceIdProblem, referenceIdWarnings } from "../../../domain/user/reference-id.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl";

describe("what may be a referenceId", () => {
  test.each([
    ["", "required", "The referenceId field is required"],
    ["a".repeat(256), "too_long", "The referenceId field must have at most 255 characters"],
    ["usér", "invalid_characters", "The referenceId field may only contain printable ASCII characters"],
    ["user\n1", "invalid_characters", "The referenceId field may only contain printable ASCII characters"],
    [" user_1", "surrounding_space", "The referenceId field must not begin or end with a space"],
    ["user_1 ", "surrounding_space", "The referenceId field must not begin or end with a space"],
    [" ", "surrounding_space", "The referenceId field must not begin or end with a space"],
  ])("B13 %j is refused: %s", (referenceId, code, message) => {
    expect(referenceIdProblem(referenceId)).toEqual({ path: "referenceId", code, message });
  });

  test.each(["null", "NULL", "undefined", "Undefined", "-1", "0", "000", "-", "---", "0-0", "anonymous", "ANONYMOUS"])(
    "B13 S14 the placeholder %j is refused",
    (referenceId) => {
      expect(referenceIdProblem(referenceId)?.code).toBe("placeholder");
    },
  );

  test.each(["a", "1", "10", "-2", "user 1", "User_1", "null_1", "anonymous_7", "a".repeat(255), "~!@#/%", "0x0"])(
    "B13 %j is accepted",
    (referenceId) => {
      expect(referenceIdProblem(referenceId)).toBeNull();
    },
  );
});

const EMAIL = "referenceId looks like an e-mail address, which users can change; use your own user id";
const PHONE = "referenceId looks like a phone number, which can be recycled; use your own user id";
const SESSION = "referenceId looks like a session id, which changes on each visit; use your own user id";

describe("what is accepted with a warning", () => {
  test.each([
    ["john@example.com", EMAIL],
    ["a.b+c@mail.example.mx", EMAIL],
    ["+5215512345678", PHONE],
    ["5215512345678", PHONE],
    ["+52 155 1234 5678", PHONE],
    ["+1 (555) 123-4567", PHONE],
    ["(555) 123-4567", PHONE],
    ["555.123.4567", PHONE],
    ["sess_abc123", SESSION],
    ["sess-abc123", SESSION],
    ["sess12345", SESSION],
    ["SESS_ABC", SESSION],
    ["session_xyz", SESSION],
    ["sessionABC", SESSION],
    ["sessionid=42", SESSION],
    [JWT, SESSION],
  ])("S14 B13 %j is warned about", (referenceId, warning) => {
    expect(referenceIdProblem(referenceId)).toBeNull();
    expect(referenceIdWarnings(referenceId)).toEqual([warning]);
  });

  test.each([
    "user_12345",
    "usr_abc123def456",
    "sessler_1",
    "obsession_4",
    "my_session",
    "12345",
    "12345678",
    "customer-5551234567",
    "user@home",
    "a@b@c.d",
    "eyJustAName",
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "+1",
  ])("S14 B13 %j is no cause for a warning", (referenceId) => {
    expect(referenceIdWarnings(referenceId)).toEqual([]);
  });
});
