import { anchorOf, escapeHtml } from "./html.ts";
import type { OpenapiDocument } from "./openapi-document.ts";
import { renderOperation, type ShownOperation } from "./render-operation.ts";
import { renderText } from "./render-text.ts";

/**
 * The document as one page to read: the guide, then every endpoint and webhook by group. No script, nothing from
 * elsewhere; `style` stands inside it. The same document gives the same page.
 */
export function renderPage(document: OpenapiDocument, style: string): string {
  const { title, version, description } = document.info;
  const groups = document.tags.map((tag) => ({ ...tag, shown: operationsOf(tag.name, document) }));
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${style}</style></head><body>`,
    `<nav aria-label="Contents"><strong>${escapeHtml(title)}</strong>${guideLinks(description)}${groups.map(groupLinks).join("\n")}</nav>`,
    `<main><h1>${escapeHtml(title)}</h1>`,
    `<p>Version ${escapeHtml(version)}. For programs: <a href="/openapi.json">openapi.json</a>, and for Kafka <a href="/asyncapi.json">asyncapi.json</a>.</p>`,
    renderText(description),
    ...groups.map(
      ({ name, description: sentence, shown }) =>
        `<h2 id="${groupAnchor(name)}">${escapeHtml(name)}</h2>\n<p>${escapeHtml(sentence)}</p>\n` +
        shown.map((one) => renderOperation(one, document)).join("\n"),
    ),
    "</main></body></html>",
    "",
  ].join("\n");
}

interface ShownGroup {
  readonly name: string;
  readonly shown: readonly ShownOperation[];
}

function operationsOf(group: string, { paths, webhooks }: OpenapiDocument): readonly ShownOperation[] {
  const endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ title: `${method.toUpperCase()} ${path}`, operation })),
  );
  const events = Object.entries(webhooks).map(([event, { post }]) => ({ title: event, operation: post }));
  return [...endpoints, ...events].filter(({ operation }) => operation.tags.includes(group));
}

/** Apart from the anchors of the guide, which has a section "Webhooks" too. */
function groupAnchor(name: string): string {
  return `group-${anchorOf(name)}`;
}

function guideLinks(description: string): string {
  const titles = [...description.matchAll(/^## (.*)$/gm)].map(([, title = ""]) => title);
  return `<ul>${titles.map((title) => `<li><a href="#${anchorOf(title)}">${escapeHtml(title)}</a></li>`).join("")}</ul>`;
}

function groupLinks({ name, shown }: ShownGroup): string {
  const links = shown.map(
    ({ title, operation }) =>
      `<li><a href="#${anchorOf(operation.operationId)}"><code>${escapeHtml(title)}</code></a></li>`,
  );
  return `<details><summary><a href="#${groupAnchor(name)}">${escapeHtml(name)}</a></summary><ul>${links.join("")}</ul></details>`;
}
