/** The demo cannot go on: the message is the reason that is printed, in one sentence. */
export class DemoFailed extends Error {
  constructor(reason: string, options?: { readonly cause: unknown }) {
    super(reason, options);
    this.name = "DemoFailed";
  }
}
