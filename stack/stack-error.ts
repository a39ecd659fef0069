/**
 * A reason why the local stack cannot start or has ended, as one sentence for the person at the terminal.
 * Scripts print `message` alone, without a stack trace, and end with a code other than 0.
 */
export class StackError extends Error {
  override readonly name = "StackError";
}
