import { createHash, createHmac, createSecretKey, hkdfSync, timingSafeEqual } from "node:crypto";

export interface LinkTokens {
  /** The secret of a link, shaped as a UUID; the same link always has the same one, and nothing of it is stored. */
  readonly tokenOf: (linkId: string) => string;
  /** Whether a token opens a link (C10); takes the same time for every wrong token. */
  readonly isTokenOf: (linkId: string, token: string) => boolean;
}

/** Link tokens under a key of their own, derived from the server's secret: another secret closes all links. */
export function createLinkTokens(serverSecret: string): LinkTokens {
  // A key object, because preparing a key costs as much as the HMAC itself.
  const key = createSecretKey(Buffer.from(hkdfSync("sha256", serverSecret, "", "m2m link token", 32)));
  const tokenOf = (linkId: string) => uuidOf(createHmac("sha256", key).update(linkId).digest());
  return {
    tokenOf,
    isTokenOf: (linkId, token) => timingSafeEqual(digest(token), digest(tokenOf(linkId))),
  };
}

/** The first 128 bits with version 4 and variant set, so that every UUID parser takes it: 122 secret bits. */
function uuidOf(bytes: Buffer): string {
  const version = ((bytes.readUInt8(6) & 0x0f) | 0x40).toString(16);
  const variant = ((bytes.readUInt8(8) & 0x3f) | 0x80).toString(16);
  const hex = bytes.toString("hex", 0, 16);
  const third = version + hex.slice(14, 16);
  const fourth = variant + hex.slice(18, 20);
  return [hex.slice(0, 8), hex.slice(8, 12), third, fourth, hex.slice(20, 32)].join("-");
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
