import type { Problem } from "../refusals.ts";

/**
 * B13: a referenceId is opaque, case-sensitive, 1..255 printable ASCII without spaces at its ends, and not one of the
 * values that a broken caller sends for "nothing". Returns the problem, or null when it may be used.
 */
export function referenceIdProblem(referenceId: string): Problem | null {
  if (referenceId.length === 0) return problem("required", "The referenceId field is required");
  if (referenceId.length > MAX_LENGTH) {
    return problem("too_long", `The referenceId field must have at most ${MAX_LENGTH} characters`);
  }
  if (!PRINTABLE_ASCII.test(referenceId)) {
    return problem("invalid_characters", "The referenceId field may only contain printable ASCII characters");
  }
  if (referenceId.trim() !== referenceId) {
    return problem("surrounding_space", "The referenceId field must not begin or end with a space");
  }
  if (JUNK.some((junk) => junk.test(referenceId))) {
    return problem("placeholder", "The referenceId field holds a placeholder; send your own identifier of this user");
  }
  return null;
}

/** S14, B13: sentences for a referenceId that is allowed but will hurt later: an e-mail, a phone number, a session. */
export function referenceIdWarnings(referenceId: string): readonly string[] {
  return WARNINGS.filter(({ shape }) => shape.test(referenceId)).map(({ sentence }) => sentence);
}

const MAX_LENGTH = 255;
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;
const JUNK = [/^(null|undefined|anonymous|-1)$/i, /^[0-]+$/];

const WARNINGS = [
  {
    shape: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
    sentence: "referenceId looks like an e-mail address, which users can change; use your own user id",
  },
  {
    shape: /^\+?\(?\d(?:[ ().-]{0,2}\d){8,14}$/,
    sentence: "referenceId looks like a phone number, which can be recycled; use your own user id",
  },
  {
    shape: /^sess(?:ion)?(?![a-z])|^session|^eyJ[\w-]+\.[\w-]+\./i,
    sentence: "referenceId looks like a session id, which changes on each visit; use your own user id",
  },
] as const;

function problem(code: string, message: string): Problem {
  return { path: "referenceId", code, message };
}
