/** A place in a list, as text that means nothing to its reader; the next page begins behind it. */
export function writeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** The parts of a cursor that `writeCursor` wrote, each of the form asked for; null when it is none of ours. */
export function readCursor(cursor: string, forms: readonly RegExp[]): readonly string[] | null {
  const parts = parsed(Buffer.from(cursor, "base64url").toString());
  if (!Array.isArray(parts) || parts.length !== forms.length) return null;
  return parts.every((part, index) => typeof part === "string" && forms[index]?.test(part)) ? parts : null;
}

/** A moment in a cursor: milliseconds since 1970, up to the year 9999. */
export const EPOCH_MS = /^\d{1,14}$/;

/** A sequence of a user's events in a cursor. */
export const SEQUENCE = /^\d{1,9}$/;

/** An id in a cursor. */
export const ID = /^[!-~]{1,100}$/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
