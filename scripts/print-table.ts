/** A markdown table; every cell on one line, pipes escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A printed document: what it is printed from, its title, and its parts with an empty line between them. */
export function markdownDocument(title: string, source: string, parts: readonly string[]): string {
  const notice = `<!-- Printed from ${source} by \`npm run print\`; change it there. -->`;
  return `${[notice, `# ${title}`, ...parts].join("\n\n")}\n`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
