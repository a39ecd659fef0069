import { type Check, folderOf, type SourceFile, type Violation, violation } from "./source-file.ts";

const UNFINISHED = /\b(TODO|FIXME|XXX|HACK)\b/;

/** Nothing is left for later in a comment. */
export const checkNothingUnfinished: Check = (file) =>
  file.parsed.comments
    .filter(({ value }) => UNFINISHED.test(value))
    .map(({ start }) => violation(file, start, "something is left for later"));

/** Every exported function says what it promises. */
export const checkDocComments: Check = (file) => {
  if (folderOf(file.path) === "test" || file.path.startsWith("storage/migrations/")) return [];
  const violations: Violation[] = [];
  let overload = "";
  for (const statement of file.parsed.program.body) {
    const name = exportedFunction(statement);
    // Only the first of several signatures carries the comment.
    if (name && name !== overload && !hasDocComment(file, statement.start)) {
      violations.push(violation(file, statement.start, `exported function ${name} has no doc comment`));
    }
    overload = name ?? "";
  }
  return violations;
};

type Statement = SourceFile["parsed"]["program"]["body"][number];

function exportedFunction(statement: Statement): string | undefined {
  if (statement.type !== "ExportNamedDeclaration" || !statement.declaration) return undefined;
  const { declaration } = statement;
  if (declaration.type === "FunctionDeclaration" || declaration.type === "TSDeclareFunction")
    return declaration.id?.name;
  if (declaration.type !== "VariableDeclaration") return undefined;
  const [first] = declaration.declarations;
  const isFunction = ["ArrowFunctionExpression", "FunctionExpression"].includes(first?.init?.type ?? "");
  return isFunction && first?.id.type === "Identifier" ? first.id.name : undefined;
}

function hasDocComment(file: SourceFile, start: number): boolean {
  const last = file.parsed.comments.findLast((comment) => comment.end <= start);
  return last?.type === "Block" && last.value.startsWith("*") && file.text.slice(last.end, start).trim() === "";
}
