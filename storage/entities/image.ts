import { defineEntity, p } from "@mikro-orm/postgresql";
import { environmentColumn, timeColumn } from "./columns.ts";

/** The picture of a document. Commands and users only carry its reference. */
export const ImageEntity = defineEntity({
  name: "Image",
  tableName: "images",
  properties: {
    imageId: p.text().primary(),
    partner: p.text(),
    environment: environmentColumn(),
    sha256: p.text().name("sha256"),
    sizeInBytes: p.integer(),
    mediaType: p.text(),
    bytes: p.blob(),
    createdAt: timeColumn(),
  },
  checks: [{ name: "images_size", expression: "size_in_bytes = octet_length(bytes) and size_in_bytes > 0" }],
});
