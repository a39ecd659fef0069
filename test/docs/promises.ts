/** A promise of a page and the tests that it names as its proof. */
export interface PromiseLine {
  readonly text: string;
  readonly proofs: readonly Proof[];
}

export interface Proof {
  /** As the page links it: relative to docs/. */
  readonly file: string;
  /** What the title of the test begins with or contains. */
  readonly title: string;
}

const PROOF = /\[proof\]\(([^\s)]+) "([^"]+)"\)/g;

/** The sections of a page whose list items are promises, not advice. */
const PROMISING = [
  "What arrives",
  "Answers, retries and time limits",
  "Addresses",
  "Rotate a secret",
  "When something did not arrive",
  "Strict order",
  "Health of an endpoint",
];

/** Every list item of the promising sections, and everything else that names a proof. */
export function promisesOf(page: string): readonly PromiseLine[] {
  return page.split(/^## /m).flatMap((section) => {
    const isPromising = PROMISING.includes(section.split("\n", 1)[0] ?? "");
    return blocksOf(section)
      .map((text) => ({ text, proofs: proofsOf(text) }))
      .filter(({ text, proofs }) => proofs.length > 0 || (isPromising && text.startsWith("- ")));
  });
}

/** Paragraphs and list items. */
function blocksOf(section: string): readonly string[] {
  return section.split(/\n\n|\n(?=- )/).map((block) => block.trim());
}

function proofsOf(text: string): readonly Proof[] {
  return [...text.matchAll(PROOF)].map(([, file = "", title = ""]) => ({ file, title }));
}
