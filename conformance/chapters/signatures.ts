import { holds, same } from "../checks.ts";
import { documentedSignature, standardSignature } from "../signatures.ts";
import type { Chapter } from "../subject.ts";
import file from "../vectors.json" with { type: "json" };

/** The way in which this suite checks signatures is itself checked against fixed vectors, which openssl computed. */
export const SIGNATURES: Chapter = {
  title: "signatures",
  check: async (_, expect) => {
    for (const vector of file.vectors) {
      await expect(`vector "${vector.name}"`, () => {
        same(documentedSignature(vector), vector.documented, "X-M2M-Signature");
        same(standardSignature(vector), vector.standard, "webhook-signature");
      });
    }
    await expect("another body, time or secret has another signature", () => {
      const [vector] = file.vectors;
      if (vector === undefined) return;
      const changed = [{ body: `${vector.body} ` }, { timestamp: "1" }, { secret: `${vector.secret}A` }];
      const all = changed.map((change) => documentedSignature({ ...vector, ...change }));
      holds(!all.includes(vector.documented), "a changed webhook kept its signature");
    });
  },
};
