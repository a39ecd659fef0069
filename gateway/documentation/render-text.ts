import { anchorOf, escapeHtml } from "./html.ts";

/**
 * The little of Markdown that our texts use, as HTML: headings from `##`, paragraphs, lists with `-`, fenced code and
 * `code`. Everything else is text, and nothing of the text becomes HTML by itself.
 */
export function renderText(text: string): string {
  return blocksOf(text).map(renderBlock).join("\n");
}

/** One line of text with its `code`. */
export function renderLine(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

const FENCE = "```";

function blocksOf(text: string): readonly string[] {
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .flatMap((part) => (part.startsWith(FENCE) ? [part] : part.split(/\n\s*\n/)))
    .map((block) => block.trim())
    .filter((block) => block !== "");
}

function renderBlock(block: string): string {
  if (block.startsWith(FENCE))
    return `<pre><code>${escapeHtml(block.slice(FENCE.length, -FENCE.length).trim())}</code></pre>`;
  const heading = /^(#{2,4}) (.*)$/.exec(block);
  if (heading) return renderHeading(heading[1] ?? "", heading[2] ?? "");
  if (!block.startsWith("- ")) return `<p>${renderLine(block)}</p>`;
  const items = block.split(/^- /m).filter((item) => item.trim() !== "");
  return `<ul>${items.map((item) => `<li>${renderLine(item.trim())}</li>`).join("")}</ul>`;
}

function renderHeading({ length }: string, title: string): string {
  return `<h${length} id="${anchorOf(title)}">${renderLine(title)}</h${length}>`;
}
