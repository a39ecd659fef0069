import { isError, isSuccess, same, textAt } from "../checks.ts";
import type { Chapter } from "../subject.ts";

const PATH = "/partner/me";
const NO_KEY = {
  status: 401,
  code: "UNAUTHORIZED",
  message: "Missing authentication. Provide X-API-Key or Bearer token.",
};
const UNKNOWN_KEY = { status: 401, code: "INVALID_API_KEY", message: "Invalid or revoked API key" };

export const AUTHENTICATION: Chapter = {
  title: "authentication",
  check: async ({ call, key }, expect) => {
    await expect("no key is 401 UNAUTHORIZED, with the documented message", async () => {
      isError(await call({ path: PATH, key: null }), NO_KEY);
    });
    await expect("an unknown key is 401 INVALID_API_KEY, with the documented message", async () => {
      isError(await call({ path: PATH, key: `m2m_test_${"x".repeat(32)}` }), UNKNOWN_KEY);
    });
    await expect("a key that has the form of none is 401 INVALID_API_KEY", async () => {
      isError(await call({ path: PATH, key: "secret" }), UNKNOWN_KEY);
    });
    await expect("a key is taken from X-API-Key", async () => {
      isSuccess(await call({ path: PATH }), 200);
    });
    await expect("a key is taken from Authorization: Bearer", async () => {
      isSuccess(await call({ path: PATH, key: null, headers: { Authorization: `Bearer ${key}` } }), 200);
    });
    await expect("the key decides the environment", async () => {
      same(
        textAt(await call({ path: PATH }), "data.environment"),
        key.startsWith("m2m_live_") ? "live" : "test",
        "environment",
      );
    });
    await expect("an API key opens no link's page", async () => {
      const answer = await call({
        path: "/widget/links/link_none_000000000000",
        headers: { Authorization: `Bearer ${key}` },
      });
      isError(answer, { status: 401, code: "UNAUTHORIZED" });
    });
  },
};
