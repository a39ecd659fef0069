import type { Problem } from "../domain/refusals.ts";

/** The picture of a document, decoded. */
export interface IdImage {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

const MAX_IMAGE_BYTES = 6 * 1024 * 1024;
const DATA_URI = /^data:(image\/[a-z0-9.+-]{1,50});base64,/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const PATH = "userData.idImage";

/**
 * Decodes an idImage: a data URI of an image, or base64. Returns the problem when it is neither, stands for no byte at
 * all, or is over 6 MiB decoded.
 */
export function readIdImage(text: string): IdImage | Problem {
  const [prefix = "", mediaType = "application/octet-stream"] = DATA_URI.exec(text) ?? [];
  const base64 = text.slice(prefix.length);
  const bytes = Buffer.from(base64, "base64");
  // Text of one character is made of the right letters and still stands for no byte.
  if (!BASE64.test(base64) || bytes.byteLength === 0) {
    return { path: PATH, code: "wrong_format", message: `The ${PATH} field must be a data URI of an image, or base64` };
  }
  if (bytes.byteLength > MAX_IMAGE_BYTES) {
    return { path: PATH, code: "too_large", message: `The ${PATH} field must have at most 6 MiB when decoded` };
  }
  return { bytes, mediaType: mediaType.toLowerCase() };
}
