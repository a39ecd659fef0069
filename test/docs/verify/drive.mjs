import { isDocumentedSignatureValid, isStandardSignatureValid } from "../../../docs/verify/verify.mjs";

let input = "";
for await (const part of process.stdin) input += part;
for (const line of input.trimEnd().split("\n")) {
  const [scheme, now, secrets, timestamp, id, signature, body] = line.split("\t");
  const headers =
    scheme === "documented"
      ? { "x-m2m-timestamp": timestamp, "x-m2m-signature": signature }
      : { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
  const incoming = { headers, body: Buffer.from(body, "base64"), secrets: secrets.split(" "), now: Number(now) };
  const isValid = scheme === "documented" ? isDocumentedSignatureValid(incoming) : isStandardSignatureValid(incoming);
  console.log(isValid ? "genuine" : "refused");
}
