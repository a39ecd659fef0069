import file from "../../../conformance/vectors.json" with { type: "json" };

/** What a receiver is given, and whether it may believe it. */
export interface Case {
  readonly name: string;
  readonly scheme: "documented" | "standard";
  readonly now: number;
  readonly secrets: readonly string[];
  readonly timestamp: string;
  readonly id: string;
  readonly signature: string;
  readonly body: string;
  readonly verdict: "genuine" | "refused";
}

const STRANGER = "whsec_c3RyYW5nZXJzdHJhbmdlcnN0cmFuZ2Vyc3RyYW5nZXI=";

/** Every vector in both schemes: as it is, at the edges of what is allowed, and changed in each way that matters. */
export const CASES: readonly Case[] = file.vectors.flatMap((vector) =>
  (["documented", "standard"] as const).flatMap((scheme) => {
    const { name, secret, timestamp, id, body } = vector;
    const genuine: Case = {
      ...{ name, scheme, timestamp, id, body, now: Number(timestamp), secrets: [secret] },
      ...{ signature: vector[scheme], verdict: "genuine" },
    };
    return [...believed(genuine), ...refused(genuine)].map((one) => ({ ...one, name: `${name}: ${one.name}` }));
  }),
);

function believed(genuine: Case): Case[] {
  const { now, secrets } = genuine;
  const fine = [
    { ...genuine, name: "as it is" },
    { ...genuine, name: "300 s late", now: now + 300 },
    { ...genuine, name: "300 s early", now: now - 300 },
    { ...genuine, name: "the receiver holds the new secret and the old one", secrets: [STRANGER, ...secrets] },
  ];
  if (genuine.scheme === "documented") return fine;
  const others = ["v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "v2,AAAA"];
  const signature = [...others, genuine.signature].join(" ");
  return [...fine, { ...genuine, name: "signed with several secrets, ours the last", signature }];
}

function refused(genuine: Case): Case[] {
  const { now, body, signature, timestamp } = genuine;
  const changes: readonly (Partial<Case> & { readonly name: string })[] = [
    { name: "tampered body", body: body.replace("{", "{ ") },
    { name: "a body cut short", body: body.slice(0, -1) },
    { name: "301 s late", now: now + 301 },
    { name: "301 s early", now: now - 301 },
    { name: "wrong secret", secrets: [STRANGER] },
    { name: "a newer timestamp on an old signature", timestamp: String(Number(timestamp) + 1) },
    { name: "a timestamp that is no number", timestamp: `${timestamp}x` },
    { name: "no timestamp", timestamp: "" },
    { name: "no signature", signature: "" },
    { name: "a signature without its prefix", signature: signature.replace(/^(sha256=|v1,)/, "") },
    { name: "a signature cut short", signature: signature.slice(0, -1) },
    { name: "a signature beyond ASCII", signature: `${signature.slice(0, -1)}é` },
    ...(genuine.scheme === "standard" ? [{ name: "another id", id: `${genuine.id}x` }] : []),
  ];
  return changes.map((change) => ({ ...genuine, ...change, verdict: "refused" }));
}

/** As the drivers read it: parts with tabs between them, the body in base64. */
export function toLine({ scheme, now, secrets, timestamp, id, signature, body }: Case): string {
  const encoded = Buffer.from(body).toString("base64");
  return [scheme, now, secrets.join(" "), timestamp, id, signature, encoded].join("\t");
}
