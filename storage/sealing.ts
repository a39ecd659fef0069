import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Closes what must be readable again but never lie open in the database: secrets, remembered answers. */
export interface Sealing {
  /** Text that only `open` of the same server secret reads; the same input gives another text each time. */
  readonly seal: (plain: Uint8Array | string) => string;
  /** What was sealed, as text. @throws SealBroken when it was changed or sealed under another secret. */
  readonly open: (sealed: string) => string;
}

/** A sealed value does not open: it was changed, or the server secret is another one. */
export class SealBroken extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`A sealed value does not open: ${reason}`, options);
    this.name = "SealBroken";
  }
}

const CIPHER = "aes-256-gcm";
const VERSION = "v1.";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key of its own, derived from the server's secret. Form: `v1.` + base64url(nonce, text, tag). */
export function createSealing(serverSecret: string): Sealing {
  const key = Buffer.from(hkdfSync("sha256", serverSecret, "", "m2m sealed at rest", 32));
  return {
    seal: (plain) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce);
      const parts = [nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()];
      return VERSION + Buffer.concat(parts).toString("base64url");
    },
    open: (sealed) => {
      const text = sealed.slice(VERSION.length);
      const bytes = Buffer.from(text, "base64url");
      // Several texts decode to the same bytes; only the one that we wrote is ours.
      const isOurForm = sealed.startsWith(VERSION) && bytes.toString("base64url") === text;
      if (!isOurForm || bytes.length < NONCE_BYTES + TAG_BYTES) {
        throw new SealBroken("it has another form");
      }
      try {
        return opened(bytes, key);
      } catch (cause) {
        throw new SealBroken("it was changed, or SERVER_SECRET is another one", { cause });
      }
    },
  };
}

function opened(bytes: Buffer, key: Buffer): string {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8");
}
