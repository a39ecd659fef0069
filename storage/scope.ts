import type { Environment } from "../domain/user/user.ts";

/** A partner's world: every read and every piece of configuration belongs to exactly one. */
export interface Scope {
  readonly partner: string;
  readonly environment: Environment;
}
