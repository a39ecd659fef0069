import type { OperationAnswer, SessionAnswer, UserDataBody } from "../../schemas/generated.ts";
import type { Caller } from "./call.ts";

type Session = SessionAnswer["data"];

/** What the page behind a link does for the person who opened it. */
export interface WidgetClient {
  readonly look: () => Promise<Session>;
  readonly open: () => Promise<Session>;
  readonly provide: (userData: UserDataBody, version: number) => Promise<Session>;
  readonly submitCip: () => Promise<Session>;
  readonly confirm: (send: number) => Promise<OperationAnswer["data"]>;
}

const CURRENCY = { source: "USD", destination: "MXN" };

/** The widget of one link; the caller carries the link's token. */
export function createWidgetClient(call: Caller, linkId: string): WidgetClient {
  const path = `/widget/links/${linkId}`;
  const session = { answer: "session", summary: describeSession } as const;
  return {
    look: () => call<Session>({ method: "GET", path, status: 200, ...session }),
    open: () => call<Session>({ method: "POST", path: `${path}/open`, body: DEVICE, status: 200, ...session }),
    provide: (userData, version) =>
      call<Session>({ method: "PUT", path: `${path}/data`, body: { userData, version }, status: 200, ...session }),
    submitCip: () =>
      call<Session>({ method: "POST", path: `${path}/cip`, body: { consent: true }, status: 202, ...session }),
    confirm: (send) =>
      call<OperationAnswer["data"]>({
        ...{ method: "POST", path: `${path}/operation`, status: 201, answer: "operation" },
        body: { amount: { send, currency: CURRENCY } },
        summary: ({ operationId, status, amount }) =>
          `operation ${operationId} is ${status}: ${amount.send} USD become ${amount.receive} MXN, fee ${amount.fee} USD`,
      }),
  };
}

const DEVICE = { deviceInfo: { userAgent: "m2m demo", platform: "command line", language: "es" } };

function describeSession({ status, userState, steps }: Session): string {
  return `the link is ${status}, the user is ${userState}, still to do: ${steps.join(", ")}`;
}
