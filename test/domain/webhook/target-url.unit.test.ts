import { describe, expect, test } from "vitest";
import { MAX_URL_LENGTH, targetUrlProblems } from "../../../domain/webhook/target-url.ts";

const codes = (url: string, allowPrivateTargets = false) =>
  targetUrlProblems(url, { allowPrivateTargets }).map(({ code }) => code);

test.each(["https://partner.example/hooks", "https://partner.example:8443/a?b=c", "https://xn--bcher-kva.example/"])(
  "https is fine: %s",
  (url) => expect(codes(url)).toEqual([]),
);

describe("http", () => {
  test("is refused with the way out", () => {
    expect(targetUrlProblems("http://partner.example/hooks", { allowPrivateTargets: false })).toEqual([
      { code: "not_https", message: "must start with https://" },
    ]);
  });

  test("is fine where private targets are allowed", () => {
    expect(codes("http://127.0.0.1:4000/hooks", true)).toEqual([]);
  });
});

test.each(["ftp://partner.example/", "file:///etc/passwd", "javascript:alert(1)", "data:text/plain,x"])(
  "other schemes never: %s",
  (url) => {
    expect(codes(url)).toEqual(["not_https"]);
    expect(codes(url, true)).toEqual(["not_https"]);
  },
);

test.each(["", "partner.example/hooks", "/hooks", "https://", "https://a b/"])("must be a URL: %j", (url) => {
  expect(codes(url, true)).toEqual(["not_a_url"]);
});

test.each([
  "https://user@partner.example/",
  "https://user:secret@partner.example/",
  "https://:secret@partner.example/",
])("no credentials: %s", (url) => expect(codes(url)).toEqual(["has_credentials"]));

test("all problems come together", () => {
  expect(codes("http://user:secret@partner.example/")).toEqual(["not_https", "has_credentials"]);
});

test("at most 2,048 characters", () => {
  const start = "https://partner.example/";
  expect(codes(start.padEnd(MAX_URL_LENGTH, "a"))).toEqual([]);
  expect(codes(start.padEnd(MAX_URL_LENGTH + 1, "a"))).toEqual(["too_long"]);
});
