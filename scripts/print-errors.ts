import { ERRORS, type ErrorRow } from "../gateway/http-errors.ts";
import { markdownDocument, markdownTable } from "./print-table.ts";

/** docs/errors.md: a row per error code of the HTTP API. */
export function renderErrors(): string {
  const rows = Object.entries<ErrorRow>(ERRORS).map(([code, { status, message, when }]) => [
    `\`${code}\``,
    String(status),
    when,
    message,
  ]);
  return markdownDocument("Errors", "gateway/http-errors.ts", [
    'An error is answered as `{"success": false, "error": {"code", "message", "requestId", …}}`. Decide by the code; the ' +
      "message is for people and may name the problem more precisely than it does here. Validation adds `details[]` " +
      "with `path`, `code` and `message`.",
    markdownTable(["code", "status", "when", "message"], rows),
  ]);
}
