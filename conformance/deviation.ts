/** The server did something else than the documentation says; the message tells what was expected and what came. */
export class Deviation extends Error {
  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = "Deviation";
  }
}
