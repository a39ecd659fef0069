import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { OpenapiDocument } from "./documentation/openapi-document.ts";
import { PAGE_STYLE } from "./documentation/page-style.ts";
import { renderPage } from "./documentation/render-page.ts";

/** What the gateway says of itself: the printed documents as they are, and a page to read. */
export interface Documentation {
  readonly openapi: string;
  readonly asyncapi: string;
  readonly html: string;
  /** Headers of the page: nothing but its own style may be used, and no script. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads docs/openapi.json and docs/asyncapi.json, which `npm run print` prints, and renders the page of the first. */
export function readDocumentation(): Documentation {
  const openapi = printed("openapi.json");
  const style = createHash("sha256").update(PAGE_STYLE).digest("base64");
  return {
    openapi,
    asyncapi: printed("asyncapi.json"),
    html: renderPage(JSON.parse(openapi) as OpenapiDocument, PAGE_STYLE),
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  };
}

function printed(name: string): string {
  return readFileSync(new URL(`../docs/${name}`, import.meta.url), "utf8");
}
