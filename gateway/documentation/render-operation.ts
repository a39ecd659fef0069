import { anchorOf, escapeHtml, htmlTable } from "./html.ts";
import { type Answer, type Media, type OpenapiDocument, type Operation, resolved } from "./openapi-document.ts";
import { renderFields, typeOf } from "./render-schema.ts";
import { renderLine, renderText } from "./render-text.ts";

/** An operation as the page shows it; `title` is its method and path, or the name of its event. */
export interface ShownOperation {
  readonly title: string;
  readonly operation: Operation;
}

/** One endpoint, or one webhook: who may call it, parameters, body, answers and errors. */
export function renderOperation({ title, operation }: ShownOperation, document: OpenapiDocument): string {
  const { summary, description = "", requestBody, responses } = operation;
  const answers = Object.entries(responses).map(([status, answer]) => {
    return { status, ...resolved(answer, document.components.responses) };
  });
  const isError = ({ status }: { readonly status: string }) => /^[45]/.test(status);
  const parts = [
    `<section class="operation" id="${anchorOf(operation.operationId)}">`,
    `<h3><code>${escapeHtml(title)}</code></h3>`,
    `<p><strong>${renderLine(summary)}.</strong></p>`,
    renderText([description, callers(operation, document)].filter((text) => text !== "").join("\n\n")),
    renderParameters(operation, document),
    ...(requestBody
      ? [`<h4>Body</h4>`, renderMedia(requestBody.content, requestBody.description ?? "", document)]
      : []),
    ...answers.filter((answer) => !isError(answer)).map((answer) => renderAnswer(answer, document)),
    renderErrors(answers.filter(isError)),
    "</section>",
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function callers({ security }: Operation, { components }: OpenapiDocument): string {
  const names = security.flatMap((scheme) => Object.keys(scheme));
  const [first] = names.map((name) => components.securitySchemes[name]?.description ?? name);
  return first === undefined ? "" : `Caller: ${first}`;
}

function renderParameters({ parameters }: Operation, { components }: OpenapiDocument): string {
  const rows = parameters.map((parameter) => {
    const { name, in: place, required, description = "", schema } = resolved(parameter, components.parameters);
    const marked = required ? ' <span class="required">required</span>' : "";
    const named = `<code>${escapeHtml(name)}</code>${marked}`;
    return [named, place, escapeHtml(typeOf(schema, components.schemas)), renderLine(description)];
  });
  return rows.length === 0 ? "" : `<h4>Parameters</h4>\n${htmlTable(["name", "in", "type", "meaning"], rows)}`;
}

function renderAnswer(
  { status, description, content }: Answer & { readonly status: string },
  document: OpenapiDocument,
) {
  const heading = `<h4>Answer ${escapeHtml(status)}</h4>`;
  return `${heading}\n${content ? renderMedia(content, description, document) : `<p>${renderLine(description)}</p>`}`;
}

function renderMedia(content: Readonly<Record<string, Media>>, description: string, document: OpenapiDocument): string {
  const shown = Object.entries(content).map(([type, { schema, examples = {} }]) => {
    const pairs = Object.values(examples).flatMap((example) => ("value" in example ? [example] : []));
    const details = pairs.map(
      ({ summary, value }) =>
        `<details><summary>Example: ${escapeHtml(summary)}</summary>` +
        `<pre><code>${escapeHtml(JSON.stringify(value, null, 2))}</code></pre></details>`,
    );
    return [
      `<p><code>${escapeHtml(type)}</code></p>`,
      renderFields(schema, document.components.schemas),
      ...details,
    ].join("\n");
  });
  return `<p>${renderLine(description)}</p>\n${shown.join("\n")}`;
}

function renderErrors(answers: readonly (Answer & { readonly status: string })[]): string {
  const rows = answers.flatMap(({ status, description }) =>
    description.split("\n").map((line) => [escapeHtml(status), renderLine(line)]),
  );
  return rows.length === 0 ? "" : `<h4>Errors</h4>\n${htmlTable(["status", "code"], rows)}`;
}
