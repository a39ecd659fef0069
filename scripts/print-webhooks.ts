import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";

/** How markdown names the language of a snippet, by its file's ending. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ".mjs": "js",
  ".py": "python",
  ".php": "php",
  ".java": "java",
  ".go": "go",
  ".rb": "ruby",
};

/**
 * docs/webhooks.md as it stands, with every snippet between its marks as its file has it now. Refuses a snippet in a
 * language that it has no name for.
 */
export async function renderWebhooks(folder: string): Promise<string> {
  const page = await readFile(resolve(folder, "webhooks.md"), "utf8");
  const parts = page.split(/(<!-- begin \S+ -->\n[\s\S]*?<!-- end -->)/);
  return (await Promise.all(parts.map((part) => refresh(folder, part)))).join("");
}

async function refresh(folder: string, part: string): Promise<string> {
  const file = /^<!-- begin (\S+) -->/.exec(part)?.[1];
  if (file === undefined) return part;
  const language = LANGUAGES[extname(file)];
  if (language === undefined) throw new Error(`docs/webhooks.md includes ${file}, whose language has no name here`);
  const text = await readFile(resolve(folder, file), "utf8");
  return `<!-- begin ${file} -->\n\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n<!-- end -->`;
}
