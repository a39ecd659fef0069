import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { escapeHtml, htmlTable } from "../../gateway/documentation/html.ts";
import { type OpenapiDocument, resolved } from "../../gateway/documentation/openapi-document.ts";
import { renderPage } from "../../gateway/documentation/render-page.ts";
import { renderFields, typeOf } from "../../gateway/documentation/render-schema.ts";
import { renderText } from "../../gateway/documentation/render-text.ts";
import { readDocumentation } from "../../gateway/documentation.ts";
import { type FakeGateway, fakeGateway } from "../gateway/fake-gateway.ts";

const documentation = readDocumentation();
const document = JSON.parse(documentation.openapi) as OpenapiDocument;

describe("text", () => {
  test("headings, lists, code and paragraphs become HTML, and HTML stays text", () => {
    expect(renderText("## A <b>\n\nOne `x < y` &\ntwo\n\n- a\n- `b`")).toBe(
      '<h2 id="a-b">A &lt;b&gt;</h2>\n<p>One <code>x &lt; y</code> &amp;\ntwo</p>\n<ul><li>a</li><li><code>b</code></li></ul>',
    );
  });

  test("fenced code stays as it is, empty lines too", () => {
    expect(renderText("Before\n\n```\na\n\n## b\n```")).toBe("<p>Before</p>\n<pre><code>a\n\n## b</code></pre>");
  });

  test("a table without rows is nothing; quotes are escaped", () => {
    expect(htmlTable(["a"], [])).toBe("");
    expect(escapeHtml(`"'`)).toBe("&quot;&#39;");
  });
});

describe("schemas", () => {
  const schemas = { Name: { description: "A name", type: "string", minLength: 1, maxLength: 100 } } as const;

  test.each([
    [{ type: "integer", minimum: 5, maximum: 10080 }, "integer, 5 to 10080"],
    [{ $ref: "#/components/schemas/Name" }, "string, 1 to 100 characters"],
    [{ enum: ["en", "es"] }, "en, es"],
    [{ const: true }, "true"],
    [{ type: ["string", "null"], maxLength: 64 }, "string or null, at most 64 characters"],
    [{ anyOf: [{ type: "string", format: "date" }, { type: "null" }] }, "string, date or null"],
    [
      { type: "array", items: { type: "number", exclusiveMinimum: 0 }, minItems: 1 },
      "list of number, more than 0, at least 1 items",
    ],
    [{}, "anything"],
  ])("%j is %s", (schema, words) => {
    expect(typeOf(schema, schemas)).toBe(words);
  });

  test("fields are shown by path; what only one alternative has is not required", () => {
    const branch = (type: string, own: string) => ({
      type: "object",
      required: ["type", own],
      properties: { type: { const: type }, [own]: { $ref: "#/components/schemas/Name" } },
    });
    const html = renderFields({ oneOf: [branch("bank", "account"), branch("cash", "place")] }, schemas);
    expect(html).toContain(
      '<code>type</code> <span class="required">required</span></td><td>&quot;bank&quot; or &quot;cash&quot;',
    );
    expect(html).toContain("<code>account</code></td><td>string, 1 to 100 characters</td><td>A name</td>");
  });

  test("a schema that holds itself ends", () => {
    const tree = { type: "object", properties: { child: { $ref: "#/components/schemas/Tree" } } };
    expect(renderFields({ $ref: "#/components/schemas/Tree" }, { Tree: tree })).toContain("child.child");
  });

  test("an unknown reference is an error", () => {
    expect(() => resolved({ $ref: "#/components/schemas/Nothing" }, schemas)).toThrow("The document has no");
  });
});

describe("the page", () => {
  const { html } = documentation;

  test("shows every endpoint and every webhook, each link in it leads somewhere, and no id stands twice", () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods))
        expect(html).toContain(`<h3><code>${method.toUpperCase()} ${path}</code>`);
    }
    for (const event of Object.keys(document.webhooks)) expect(html).toContain(`<h3><code>${event}</code></h3>`);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("tells of idempotency, waiting and signatures", () => {
    for (const title of ["Idempotency", "Waiting", "Verify the signature"]) expect(html).toContain(`>${title}</h`);
    expect(html).toContain("timingSafeEqual");
  });

  test("needs no script and nothing from elsewhere", () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|javascript:|@import|url\(/i);
    expect(html.match(/ (?:src|on\w+)="/g)).toBeNull();
    expect(renderPage(document, "")).toBe(renderPage(document, ""));
  });
});

describe("over HTTP", () => {
  let gateway: FakeGateway;
  beforeAll(async () => {
    gateway = await fakeGateway({ overrides: { documentation } });
  });
  afterAll(() => gateway.stop());

  test("the page comes without a key, and only its own style may be used", async () => {
    const { status, text, headers } = await gateway.call({ path: "/docs" });
    expect([status, text]).toEqual([200, documentation.html]);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
    );
  });

  test.each([
    ["/openapi.json", "openapi", "3.1.0"],
    ["/asyncapi.json", "asyncapi", "3.0.0"],
  ])("%s comes as it was printed, for tools in browsers too", async (path, field, version) => {
    const { status, json, headers } = await gateway.call({ path });
    expect([status, json[field]]).toEqual([200, version]);
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });
});
