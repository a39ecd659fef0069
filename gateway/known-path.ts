import { PATHS, type Path } from "../domain/user/fields.ts";
import { RequestRefused } from "./request-refused.ts";

/** The field that a part of an address names; one that users do not have is INVALID_REQUEST. */
export function pathOf(text: string = ""): Path {
  if (isPath(text)) return text;
  const message = "The path names no field of a user";
  const details = [{ path: "path", code: "unknown_field", message }];
  throw new RequestRefused("INVALID_REQUEST", { message, facts: { details } });
}

function isPath(text: string): text is Path {
  return (PATHS as readonly string[]).includes(text);
}
