import type { Answer } from "./connection.ts";
import type { LoadPlan } from "./load-plan.ts";

/** Makes the requests of a workload, one after the other. */
export interface Requests {
  readonly next: () => string;
  /** Some requests need what earlier ones were answered. */
  readonly hear: (answer: Answer) => void;
  readonly isExpected: (status: number) => boolean;
}

interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
}

/** The requests of a plan's workload. */
export function createRequests({ url, apiKey, workload }: LoadPlan): Requests {
  const { host } = new URL(url);
  const bytes = ({ method, path, body }: HttpRequest) => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nX-API-Key: ${apiKey}\r\n`;
    if (text === "") return `${head}\r\n`;
    return `${head}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  };
  const { kind, prefix, users } = workload;
  const simple = (of: (index: number) => HttpRequest, expected: readonly number[]): Requests => {
    let made = 0;
    return {
      next: () => bytes(of(made++)),
      hear: () => undefined,
      isExpected: (status) => expected.includes(status),
    };
  };
  switch (kind) {
    case "new-links":
      return simple((index) => create({ referenceId: `${prefix}-${index}`, userData: firstData(index) }), [201]);
    case "second-links":
      return simple(
        (index) => {
          const referenceId = `${prefix}-${spread(index, users)}`;
          return create({ referenceId, userData: laterData(index), onActive: "replace" });
        },
        [201],
      );
    case "refused-creates":
      return simple(
        (index) => create({ referenceId: `${prefix}-${spread(index, users)}`, userData: firstData(index) }),
        [409],
      );
    case "get-user":
      return simple((index) => ({ method: "GET", path: `/partner/users/${prefix}-${spread(index, users)}` }), [200]);
    case "hot-user":
      return racing(bytes, `${prefix}-hot`);
    default:
      return kind satisfies never;
  }
}

/** Creates and revokes links of one user in turn, each as soon as somebody is free: most of them meet one another. */
function racing(bytes: (request: HttpRequest) => string, referenceId: string): Requests {
  let latest: string | null = null;
  let made = 0;
  return {
    next: () => {
      made += 1;
      if (latest === null || made % 2 === 0) return bytes(create({ referenceId, userData: laterData(made) }));
      return bytes({ method: "POST", path: `/partner/links/${latest}/revoke`, body: {} });
    },
    hear: ({ body }) => {
      latest = /"(?:linkId|existingLinkId)":"([^"]+)"/.exec(body)?.[1] ?? latest;
    },
    isExpected: (status) => [200, 201, 409].includes(status),
  };
}

function create(body: Readonly<Record<string, unknown>>): HttpRequest {
  return { method: "POST", path: "/partner/links", body };
}

/** All that the identity check of the policy `basic` asks for. */
function firstData(index: number) {
  return {
    name: { firstName: "Juana", secondName: "Maria", lastName: "Garcia", secondLastName: "Lopez" },
    idNumber: `GALJ${String(index).padStart(9, "0")}`,
    dob: "1990-05-17",
    paymentMethod: bankAccount(index),
  };
}

/** Another bank account each time: a merge that changes the user. */
function laterData(index: number) {
  return { name: { firstName: "Juana", lastName: "Garcia" }, paymentMethod: bankAccount(Date.now() * 1_000 + index) };
}

function bankAccount(number: number) {
  const accountNumber = String(number % 1e18).padStart(18, "0");
  return { type: "bank_account", bankAccount: { country: "MX", accountNumber } };
}

/** Goes over all users, each as often as every other, but not over neighbours. */
function spread(index: number, users: number): number {
  return (index * STRIDE) % users;
}

/** A prime that divides no round number of users. */
const STRIDE = 7_919;
