export const MAX_URL_LENGTH = 2_048;

/** Something wrong with a URL that webhooks should go to, in words that say what to do. */
export interface UrlProblem {
  readonly code: "too_long" | "not_a_url" | "not_https" | "has_credentials";
  readonly message: string;
}

/**
 * What is wrong with a URL as the target of webhooks; empty when nothing is. https only, unless private targets are
 * allowed (the local stack and tests): then http too. No user name or password, at most 2,048 characters. Which
 * addresses the name leads to is not judged here but at every connect.
 */
export function targetUrlProblems(
  url: string,
  settings: { readonly allowPrivateTargets: boolean },
): readonly UrlProblem[] {
  if (url.length > MAX_URL_LENGTH) {
    return [{ code: "too_long", message: `must have at most ${MAX_URL_LENGTH} characters` }];
  }
  const parsed = URL.parse(url);
  if (parsed === null) {
    return [{ code: "not_a_url", message: "must be an absolute URL, such as https://example.com/webhooks" }];
  }
  return [...schemeProblems(parsed, settings.allowPrivateTargets), ...credentialProblems(parsed)];
}

function schemeProblems({ protocol }: URL, allowPrivateTargets: boolean): readonly UrlProblem[] {
  if (protocol === "https:") return [];
  if (!allowPrivateTargets) return [{ code: "not_https", message: "must start with https://" }];
  if (protocol === "http:") return [];
  return [{ code: "not_https", message: "must start with https:// or http://" }];
}

function credentialProblems({ username, password }: URL): readonly UrlProblem[] {
  if (username === "" && password === "") return [];
  return [
    {
      code: "has_credentials",
      message: "must not contain a user name or password; verify the signature of each webhook instead",
    },
  ];
}
