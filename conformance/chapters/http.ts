import { fits, holds, isError, isSuccess } from "../checks.ts";
import type { Chapter, Expect, Subject } from "../subject.ts";

const LINKS = "/partner/links";

/** What holds for every call: envelope, headers, bodies, methods, paths. */
export const HTTP: Chapter = {
  title: "http",
  check: async (subject, expect) => {
    await checkHeaders(subject, expect);
    await checkBodies(subject, expect);
    await checkPaths(subject, expect);
    await checkOrigins(subject, expect);
  },
};

async function checkHeaders({ call }: Subject, expect: Expect): Promise<void> {
  const answer = await call({ path: "/partner/me" });
  await expect("a success has the documented envelope", () => isSuccess(answer, 200));
  await expect("every answer has X-Request-Id and Date", () => {
    fits(answer.headers.get("x-request-id"), /^\S{8,}$/, "X-Request-Id");
    fits(answer.headers.get("date"), / GMT$/, "Date");
  });
  await expect("every answer tells its rate limit: RateLimit-Limit, -Remaining, -Reset", () => {
    for (const name of ["limit", "remaining", "reset"]) {
      fits(answer.headers.get(`ratelimit-${name}`), /^\d+$/, `RateLimit-${name}`);
    }
    const [limit, remaining] = ["limit", "remaining"].map((name) => Number(answer.headers.get(`ratelimit-${name}`)));
    holds((remaining ?? 0) < (limit ?? 0), "RateLimit-Remaining should be less than RateLimit-Limit");
  });
  await expect("links and everything else are counted apart", async () => {
    const links = await call({ method: "POST", path: LINKS, body: {} });
    const others = await call({ path: "/partner/me" });
    const [first, second] = [links, others].map(({ headers }) => headers.get("ratelimit-remaining"));
    holds(
      first !== second || links.headers.get("ratelimit-limit") !== others.headers.get("ratelimit-limit"),
      "both have the same count",
    );
  });
}

async function checkBodies({ call }: Subject, expect: Expect): Promise<void> {
  const post = { method: "POST", path: LINKS } as const;
  await expect("a body that is no JSON is 400 INVALID_REQUEST", async () => {
    isError(await call({ ...post, rawBody: '{"referenceId":' }), { status: 400, code: "INVALID_REQUEST" });
  });
  await expect("a body that is no object is 400 INVALID_REQUEST", async () => {
    for (const rawBody of ["[]", '"text"', "7", "null"]) {
      isError(await call({ ...post, rawBody }), { status: 400, code: "INVALID_REQUEST" });
    }
  });
  await expect("another Content-Type is 415 UNSUPPORTED_MEDIA_TYPE", async () => {
    const answer = await call({ ...post, rawBody: "{}", headers: { "Content-Type": "text/plain" } });
    isError(answer, { status: 415, code: "UNSUPPORTED_MEDIA_TYPE" });
  });
  await expect("a body over 9 MiB is 413 PAYLOAD_TOO_LARGE where userData may carry idImage", async () => {
    const answer = await call({ ...post, rawBody: `"${"x".repeat(9 * 1024 * 1024)}"` });
    isError(answer, { status: 413, code: "PAYLOAD_TOO_LARGE" });
  });
  await expect("a body over 256 KiB is 413 elsewhere", async () => {
    const path = `${LINKS}/link_none_000000000000/revoke`;
    const answer = await call({ method: "POST", path, rawBody: `"${"x".repeat(256 * 1024)}"` });
    isError(answer, { status: 413, code: "PAYLOAD_TOO_LARGE" });
  });
}

async function checkPaths({ call }: Subject, expect: Expect): Promise<void> {
  await expect("an unknown path is 404 RESOURCE_NOT_FOUND", async () => {
    isError(await call({ path: "/partner/nothing" }), { status: 404, code: "RESOURCE_NOT_FOUND" });
  });
  await expect("a wrong method is 405 METHOD_NOT_ALLOWED and Allow lists the right ones", async () => {
    const answer = await call({ method: "DELETE", path: LINKS });
    isError(answer, { status: 405, code: "METHOD_NOT_ALLOWED" });
    const allowed = (answer.headers.get("allow") ?? "").split(/, */);
    holds(allowed.includes("GET") && allowed.includes("POST"), "Allow should list GET and POST");
  });
  await expect("an identifier in a path may be percent-encoded", async () => {
    const answer = await call({ path: "/partner/users/conformance%2Fnobody%20here" });
    isError(answer, { status: 404, code: "RESOURCE_NOT_FOUND" });
  });
  for (const [what, path] of UNKNOWN) {
    await expect(`an unknown ${what} is 404 RESOURCE_NOT_FOUND`, async () => {
      isError(await call({ path }), { status: 404, code: "RESOURCE_NOT_FOUND" });
    });
  }
}

const UNKNOWN = [
  ["link", `${LINKS}/link_none_000000000000`],
  ["data request", "/partner/data-requests/dr_none_000000000000"],
  ["user", "/partner/users/conformance-nobody"],
  ["operation", "/partner/operations/op_none_000000000000"],
  ["command", "/partner/commands/cmd_none_000000000000"],
  ["event", "/partner/events/evt_none_000000000000"],
] as const;

async function checkOrigins({ call }: Subject, expect: Expect): Promise<void> {
  const Origin = "https://stranger.example";
  await expect("a strange web page may not read a link's session (CORS)", async () => {
    const answer = await call({ path: "/widget/links/link_none_000000000000", key: null, headers: { Origin } });
    const allowed = answer.headers.get("access-control-allow-origin");
    holds(allowed !== "*" && allowed !== Origin, `Access-Control-Allow-Origin is ${allowed}`);
  });
  await expect("no web page may call the partner API (CORS)", async () => {
    const answer = await call({ path: "/partner/me", headers: { Origin } });
    holds(answer.headers.get("access-control-allow-origin") === null, "Access-Control-Allow-Origin is set");
  });
}
