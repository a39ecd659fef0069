import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** The page behind every link: one text for all, with the headers it needs. */
export interface WidgetPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The page out of widget/: style, words and script stand inside it, so that one answer is the whole page. Only that
 * very script and style may run; the page sends no referrer (C10) and may be framed only by the given origins.
 */
export function createWidgetPage(frameOrigins: readonly string[]): WidgetPage {
  const style = widgetFile("page.css");
  const script = `${widgetFile("live-session.js")}\n${widgetFile("page.js")}`;
  const words = JSON.stringify(JSON.parse(widgetFile("words.json"))).replaceAll("<", "\\u003c");
  const html = widgetFile("page.html")
    .replace("/*{style}*/", () => style)
    .replace('"{words}"', () => words)
    .replace("/*{script}*/", () => script);
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(script)}`,
    `style-src ${sourceOf(style)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${["'self'", ...frameOrigins].join(" ")}`,
  ];
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "content-security-policy": policy.join("; "),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
  return { html, headers };
}

function widgetFile(name: string): string {
  return readFileSync(new URL(`../widget/${name}`, import.meta.url), "utf8");
}

function sourceOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
