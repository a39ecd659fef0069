import { at, textAt } from "./checks.ts";
import type { Answer } from "./client.ts";
import type { Subject } from "./subject.ts";

/** The page behind one link, as the link's user drives it. */
export interface Page {
  readonly linkId: string;
  readonly look: () => Promise<Answer>;
  readonly post: (step: string, body?: object) => Promise<Answer>;
  readonly put: (body: object) => Promise<Answer>;
}

/** The page of a link that was just made; its answer has the secret. */
export function pageOf({ call }: Subject, made: Answer): Page {
  const [linkId, token] = [textAt(made, "data.linkId"), textAt(made, "data.token")];
  const path = `/widget/links/${linkId}`;
  return {
    linkId,
    look: () => call({ path, token }),
    post: (step, body = {}) => call({ method: "POST", path: `${path}/${step}`, body, token }),
    put: (body) => call({ method: "PUT", path: `${path}/data`, body, token }),
  };
}

/** What the policy `basic` needs but the idNumber. */
export const BASIC = {
  name: { firstName: "Juan", secondName: "Carlos", lastName: "Garcia" },
  dob: "1990-05-15",
} as const;

export const CURRENCY = { source: "USD", destination: "MXN" } as const;

/** userData with a bank account. */
export function account(accountNumber: string): object {
  return { paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber } } };
}

/** A new user with all data and an opened link; `more` goes over the data. */
export async function opened(subject: Subject, more: object = {}): Promise<{ referenceId: string; page: Page }> {
  const referenceId = subject.newReferenceId();
  const userData = { ...BASIC, idNumber: "GALO900515", ...more };
  const page = pageOf(
    subject,
    await subject.call({ method: "POST", path: "/partner/links", body: { referenceId, userData } }),
  );
  await page.post("open");
  return { referenceId, page };
}

/** The user's state, as the partner reads it. */
export async function stateOf({ call }: Subject, referenceId: string): Promise<unknown> {
  return at((await call({ path: `/partner/users/${referenceId}` })).json, "data.state");
}

/** Why the chapters that need an identity check or a transfer to be answered cannot be looked at. */
export function liveReason({ key }: Subject): string | null {
  return key.startsWith("m2m_test_") ? null : "in live nobody plays the CIP and payment systems";
}
