import type { Problem } from "../domain/refusals.ts";

/** A value that does not fit its schema, or bytes that are no message. Trying again changes nothing. */
export class SchemaViolation extends Error {
  /** Where and what, without any value. */
  readonly problems: readonly Problem[];

  constructor(about: string, problems: readonly Problem[], options?: ErrorOptions) {
    const sentences = problems.map(({ path, message }) => (path === "" ? message : `${path} ${message}`));
    super([about, ...sentences].join("; "), options);
    this.name = "SchemaViolation";
    this.problems = problems;
  }
}

/** The registry did not answer, or not as a registry does. Trying again later helps. */
export class RegistryUnreachable extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(`The schema registry does not answer: ${detail}`, options);
    this.name = "RegistryUnreachable";
  }
}

/** The registry answers and does not know our schema yet: `npm run topics` was not run. Helps as soon as it was. */
export class SchemaNotRegistered extends Error {
  constructor(subject: string) {
    super(`The schema registry does not have our schema of ${subject}: run "npm run topics"`);
    this.name = "SchemaNotRegistered";
  }
}

/** The registry refuses a schema; the message names the subject and the registry's reason. A person has to decide. */
export class SchemaRefused extends Error {
  readonly subject: string;

  constructor(subject: string, reason: string) {
    super(`The schema registry refuses the schema of ${subject}: ${reason}`);
    this.name = "SchemaRefused";
    this.subject = subject;
  }
}
