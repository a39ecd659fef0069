import type { Problem } from "../domain/refusals.ts";
import { targetUrlProblems } from "../domain/webhook/target-url.ts";
import { privateAddressIn } from "../runtime/public-address.ts";

export interface UrlRules {
  readonly allowPrivateTargets: boolean;
}

/** The problems of a URL that people are sent to; none of what is no text: its schema objects to that. */
export function urlProblems(path: string, url: unknown, { allowPrivateTargets }: UrlRules): readonly Problem[] {
  if (typeof url !== "string") return [];
  const problems = targetUrlProblems(url, { allowPrivateTargets });
  return problems.map(({ code, message }) => ({ path, code, message: `The ${path} field ${message}` }));
}

/** The problems of a URL that webhooks go to: it must not name an address that is not public (webhooks.md 2.8). */
export function webhookUrlProblems(path: string, url: unknown, rules: UrlRules): readonly Problem[] {
  const problems = urlProblems(path, url, rules);
  const address = typeof url === "string" && !rules.allowPrivateTargets ? privateAddressIn(url) : null;
  if (address === null) return problems;
  const message = `The ${path} field names ${address}, which is not a public address; webhooks go to public addresses only`;
  return [...problems, { path, code: "private_address", message }];
}
