import { createHash } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { ImageReference } from "../../domain/user/fields.ts";
import { newId } from "../../runtime/ids.ts";
import type { Scope } from "../scope.ts";
import { countChanged } from "../sql.ts";

export interface NewImage {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** Stores the picture of a document and gives what a command carries instead of it. */
export async function storeImage(
  em: EntityManager,
  { scope, image }: { scope: Scope; image: NewImage },
  now: string,
): Promise<ImageReference> {
  const imageId = newId("img", scope.partner);
  const sha256 = createHash("sha256").update(image.bytes).digest("hex");
  const sizeInBytes = image.bytes.byteLength;
  await countChanged(
    em,
    `insert into images (image_id, partner, environment, sha256, size_in_bytes, media_type, bytes, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [imageId, scope.partner, scope.environment, sha256, sizeInBytes, image.mediaType, Buffer.from(image.bytes), now],
  );
  return { imageId, sha256, sizeInBytes };
}
