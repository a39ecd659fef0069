import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RequestRefused } from "../../gateway/request-refused.ts";
import { type FakeGateway, fakeGateway } from "./fake-gateway.ts";

let gateway: FakeGateway;
/** How often the partner's configuration was to be changed. */
let configured = 0;

beforeAll(async () => {
  const configureOwn = async () => {
    configured += 1;
    throw new RequestRefused("IDEMPOTENCY_KEY_REUSED");
  };
  gateway = await fakeGateway({ overrides: { configureOwn } });
});
beforeEach(() => {
  configured = 0;
});
afterAll(() => gateway.stop());

const ADD_HOOK = "POST /partner/webhook-endpoints";
const ADD_LINK = "POST /partner/links";
const CHANGE_HOOK = "PATCH /partner/webhook-endpoints/ep_acme_0123456789ab";
const ROTATE_HOOK = "POST /partner/webhook-endpoints/ep_acme_0123456789ab/rotate-secret";
const ROTATE = "POST /partner/webhook-secret/rotate";
const RECOVER = "POST /partner/webhook-endpoints/ep_acme_0123456789ab/recover";
const TEST_HOOK = "POST /partner/webhook-endpoints/ep_acme_0123456789ab/test";
const RESEND = "POST /partner/events/evt_acme_0123456789ab/resend";
const REPLAY = "POST /partner/replays";
const PAUSE = "POST /partner/replays/rpl_acme_0123456789ab/pause";

/** `METHOD /path` with the partner's key. */
function send(write: string, body: unknown) {
  const isChange = write.startsWith("PATCH ");
  return gateway.asPartner({
    method: isChange ? "PATCH" : "POST",
    path: write.slice(write.indexOf("/")),
    rawBody: JSON.stringify(body),
  });
}

const longUrl = (length: number) => "https://a.example/hook/".padEnd(length, "x");

describe("what is out of bounds is 400, names its field, and does nothing", () => {
  test.each<[string, unknown, string]>([
    [CHANGE_HOOK, { url: "http://a.example" }, "url"],
    [CHANGE_HOOK, { url: "https://192.168.0.1/hook" }, "url"],
    [CHANGE_HOOK, { url: longUrl(2_049) }, "url"],
    [CHANGE_HOOK, { description: null }, "description"],
    [CHANGE_HOOK, { events: [] }, "events"],
    [CHANGE_HOOK, { events: ["webhook.test"] }, "events[0]"],
    [CHANGE_HOOK, { status: "disabled" }, "status"],
    [CHANGE_HOOK, { status: null }, "status"],
    [CHANGE_HOOK, { rateLimit: 10_001 }, "rateLimit"],
    [CHANGE_HOOK, { schedule: Array.from({ length: 21 }, () => 1) }, "schedule"],
    [CHANGE_HOOK, { reset: ["url"] }, "reset[0]"],
    [CHANGE_HOOK, { reset: ["events"], events: ["link.opened"] }, "reset[0]"],
    [ROTATE_HOOK, { overlapHours: 169 }, "overlapHours"],
    [ROTATE_HOOK, { overlapHours: -1 }, "overlapHours"],
    [ROTATE_HOOK, { overlapHours: 0.5 }, "overlapHours"],
    [ROTATE_HOOK, { overlapHours: "24" }, "overlapHours"],
    [ROTATE, { overlapHours: 169 }, "overlapHours"],
    [RECOVER, {}, "since"],
    [RECOVER, { since: "2026-01-31" }, "since"],
    [RECOVER, { since: 5 }, "since"],
    [RECOVER, { since: "2026-01-31T00:00:00Z", rate: 0 }, "rate"],
    [RESEND, { endpointId: 5 }, "endpointId"],
    [RESEND, { endpointId: "" }, "endpointId"],
    [REPLAY, {}, "endpointId"],
    [REPLAY, { endpointId: "ep", status: "lost" }, "status"],
    [REPLAY, { endpointId: "ep", types: ["link.lost"] }, "types[0]"],
    [REPLAY, { endpointId: "ep", rate: 10_001 }, "rate"],
    [REPLAY, { endpointId: "ep", from: "yesterday" }, "from"],
    [REPLAY, { endpointId: "ep", from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }, "to"],
    [REPLAY, { endpointId: "ep", referenceId: "x".repeat(256) }, "referenceId"],
  ])("%s %j: %s", async (write, body, path) => {
    const answered = await send(write, body);
    expect([answered.status, answered.json.error.code]).toEqual([400, "INVALID_REQUEST"]);
    expect(answered.json.error.details.map((one: { path: string }) => one.path)).toEqual([path]);
    expect(answered.json.error.message).toContain(path);
    expect(configured).toBe(0);
  });

  /** Each write that takes a URL which webhooks go to, with the field that has it. */
  const TARGETS: readonly (readonly [string, string])[] = [
    [ADD_HOOK, "url"],
    [CHANGE_HOOK, "url"],
    [ADD_LINK, "callbackUrl"],
  ];
  const PRIVATE = "which is not a public address; webhooks go to public addresses only";
  const URLS: readonly (readonly [string, string])[] = [
    ["http://a.example/hook", "must start with https://"],
    ["ftp://a.example/hook", "must be an https URL"],
    ["a.example/hook", "must be an https URL"],
    ["https://ana:secret@a.example/hook", "must not contain a user name or password"],
    ["https://ana@a.example/hook", "must not contain a user name or password"],
    [longUrl(2_049), "must have at most 2048 characters"],
    ["https://10.0.0.1/hook", `names 10.0.0.1, ${PRIVATE}`],
    ["https://0x7f000001/hook", `names 127.0.0.1, ${PRIVATE}`],
    ["https://2130706433/hook", `names 127.0.0.1, ${PRIVATE}`],
    ["https://100.64.0.1/hook", `names 100.64.0.1, ${PRIVATE}`],
    ["https://169.254.169.254/latest", `names 169.254.169.254, ${PRIVATE}`],
    ["https://168.63.129.16/hook", `names 168.63.129.16, ${PRIVATE}`],
    ["https://[fd00:ec2::254]/latest", `names fd00:ec2::254, ${PRIVATE}`],
    ["https://[::ffff:127.0.0.1]/hook", `names ::ffff:7f00:1, ${PRIVATE}`],
    ["https://localhost./hook", `names localhost, ${PRIVATE}`],
  ];
  const CASES = TARGETS.flatMap(([write, field]) => URLS.map(([url, reason]) => [write, field, reason, url] as const));

  test.each(CASES)("bar 10 %s, %s %s", async (write, field, reason, url) => {
    const published = gateway.published.length;
    const answered = await send(write, { [field]: url, ...(write === ADD_LINK ? { referenceId: "ref-1" } : {}) });
    expect([answered.status, answered.json.error.code]).toEqual([400, "INVALID_REQUEST"]);
    const [detail, ...others] = answered.json.error.details;
    expect([detail.path, others]).toEqual([field, []]);
    expect(detail.message).toContain(`The ${field} field ${reason}`);
    expect([configured, gateway.published.length]).toEqual([0, published]);
  });

  const hooks = [CHANGE_HOOK, ROTATE_HOOK, ROTATE, RECOVER, TEST_HOOK, RESEND, REPLAY, PAUSE];
  test.each(hooks)("%s without an object", async (write) => {
    for (const body of [null, [], "x", 1, true]) {
      const answered = await send(write, body);
      expect([body, answered.status, answered.json.error.code]).toEqual([body, 400, "INVALID_REQUEST"]);
    }
    expect(configured).toBe(0);
  });

  test("a secret's overlap is told how long it may be", async () => {
    for (const write of [ROTATE_HOOK, ROTATE]) {
      const { error } = (await send(write, { overlapHours: 169 })).json;
      expect(error.details).toMatchObject([{ path: "overlapHours", message: expect.stringContaining("168") }]);
    }
  });

  test("an unknown event is told with those that there are, a private address with why", async () => {
    const event = await send(CHANGE_HOOK, { events: ["link.lost"] });
    expect(event.json.error.message).toContain("link.opened");
    const address = await send(CHANGE_HOOK, { url: "https://192.168.0.1/hook" });
    expect(address.json.error.message).toBe(
      "The url field names 192.168.0.1, which is not a public address; webhooks go to public addresses only",
    );
  });
});

describe("what stands exactly on a limit is taken", () => {
  test.each<[string, unknown]>([
    [CHANGE_HOOK, {}],
    [CHANGE_HOOK, { status: "paused", description: "x".repeat(500), reset: ["events", "schedule", "rateLimit"] }],
    [ROTATE_HOOK, { overlapHours: 0 }],
    [ROTATE_HOOK, { overlapHours: 168 }],
    [ROTATE, {}],
    [RECOVER, { since: "2026-01-31T00:00:00Z", rate: 10_000 }],
    [TEST_HOOK, {}],
    [RESEND, {}],
    [REPLAY, { endpointId: "ep", referenceId: "x".repeat(255), rate: 1 }],
    [PAUSE, {}],
  ])("%s %j", async (write, body) => {
    await send(write, body);
    expect(configured).toBe(1);
  });
});
