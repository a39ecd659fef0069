import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const REPLACED = new WeakSet<object>();

/** A method of a class that a module of kafkajs exports. */
export interface Replaced {
  readonly module: string;
  readonly name: string;
}

/**
 * Puts a method of ours, made from kafkajs's own, in its place for this process; once, however often it is called.
 * @throws Error when kafkajs has no such method: another version is installed than the one that was looked at.
 */
export function replaceMethod<Method extends object>(
  { module, name }: Replaced,
  ours: (original: Method) => Method,
): void {
  const { prototype }: { readonly prototype: Record<string, Method> } = require(module);
  const original = prototype[name];
  if (original === undefined) throw new Error(`${module} has no ${name}`);
  if (REPLACED.has(original)) return;
  const method = ours(original);
  REPLACED.add(method);
  prototype[name] = method;
}
