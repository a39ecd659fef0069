/**
 * Whether two values out of JSON say the same. What is undefined counts as absent, because JSON has no word for it; the
 * order of keys does not count. Much quicker than the platform's comparison, which looks at prototypes too.
 */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && areSameItems(a, b);
  return areSameRecords(a as Fields, b as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function areSameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
}

function areSameRecords(a: Fields, b: Fields): boolean {
  for (const key in a) if (!isSame(a[key], b[key])) return false;
  for (const key in b) if (a[key] === undefined && b[key] !== undefined) return false;
  return true;
}

/** The first place where two values differ, as a path, for people; null when they are the same. */
export function differenceOf(a: unknown, b: unknown, path = ""): string | null {
  if (isSame(a, b)) return null;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return `${path || "it"}: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const inner = differenceOf((a as Fields)[key], (b as Fields)[key], path === "" ? key : `${path}.${key}`);
    if (inner !== null) return inner;
  }
  return `${path || "it"} differs in shape`;
}
