import { Visitor } from "oxc-parser";
import { type Check, folderOf, type Violation, violation } from "./source-file.ts";

const FORBIDDEN_OBJECTS = ["process", "globalThis", "console", "performance", "crypto", "Promise"];
const FORBIDDEN_MEMBERS = ["Date.now", "Math.random"];
const FORBIDDEN_CALLS = ["Date", "fetch", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"];

/** The domain has no async, no clock, no chance and no surroundings: the same arguments give the same answer. */
export const checkDomainPurity: Check = (file) => {
  if (folderOf(file.path) !== "domain") return [];
  const violations: Violation[] = [];
  const refuse = (offset: number, what: string) => violations.push(violation(file, offset, `domain has no ${what}`));
  const refuseAsync = (node: { async?: boolean; start: number }) => node.async && refuse(node.start, "async function");
  new Visitor({
    FunctionDeclaration: refuseAsync,
    FunctionExpression: refuseAsync,
    ArrowFunctionExpression: refuseAsync,
    AwaitExpression: ({ start }) => refuse(start, "await"),
    MemberExpression: ({ object, property, start }) => {
      if (object.type !== "Identifier") return;
      const member = `${object.name}.${"name" in property ? property.name : ""}`;
      if (FORBIDDEN_OBJECTS.includes(object.name) || FORBIDDEN_MEMBERS.includes(member)) refuse(start, member);
    },
    CallExpression: ({ callee, start }) => {
      if (callee.type === "Identifier" && FORBIDDEN_CALLS.includes(callee.name)) refuse(start, `${callee.name}()`);
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type !== "Identifier") return;
      if (callee.name === "Date" && given.length === 0) refuse(start, "new Date() without a time");
      if (callee.name === "Promise") refuse(start, "new Promise()");
    },
    VariableDeclarator: ({ init, start }) => {
      if (init?.type === "Identifier" && FORBIDDEN_OBJECTS.includes(init.name)) refuse(start, init.name);
    },
  }).visit(file.parsed.program);
  return violations;
};
