/** A property of rules.md, or a promise of the store, that did not hold. */
export class Violation extends Error {
  readonly property: string;
  constructor(detail: string, { property, ...options }: ErrorOptions & { readonly property: string }) {
    super(`${property}: ${detail}`, options);
    this.name = "Violation";
    this.property = property;
  }
}

/** Insists on a property; the detail is only worked out when it does not hold. */
export function insist(holds: boolean, property: string, detail: () => string): asserts holds {
  if (!holds) throw new Violation(detail(), { property });
}
