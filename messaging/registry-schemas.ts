import { SchemaRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import { Ajv, type Format, type ValidateFunction } from "ajv";
import addFormats, { type FormatName } from "ajv-formats";
import type { JsonSchema } from "../schemas/load-schema.ts";
import { withTaggedUnions } from "../schemas/tagged-unions.ts";
import { REGISTRY_TIMEOUT_MS } from "./registry-api.ts";

const FORMATS: readonly FormatName[] = ["date", "date-time", "time", "uri", "uri-reference", "email", "uuid", "regex"];

/** The library fetches schemas by id, and has each compiled once. */
export function createRegistry(registryUrl: string): SchemaRegistry {
  return new SchemaRegistry(
    {
      host: registryUrl,
      retry: { retries: 0 },
      middlewares: [
        () => ({ prepareRequest: async (next) => (await next()).enhance({ timeout: REGISTRY_TIMEOUT_MS }) }),
      ],
    },
    { [SchemaType.JSON]: { ajvInstance: createCompiler() } },
  );
}

/**
 * Compiles schemas of the registry. A union is checked by its tag alone: by trying its branches a command would cost
 * as many checks as there are kinds of commands.
 */
function createCompiler() {
  const referenced = new Map<string, JsonSchema>();
  return {
    addSchema(schema: JsonSchema, key = String(schema["$id"])) {
      referenced.set(key, schema);
      return undefined as never;
    },
    compile(schema: JsonSchema): ValidateFunction {
      const ajv = newAjv();
      for (const [key, other] of referenced) ajv.addSchema(other, key);
      return ajv.compile(withTaggedUnions(schema));
    },
  };
}

/** One for each schema: two versions of one may have the same name. */
function newAjv(): Ajv {
  const formats = Object.fromEntries(FORMATS.map((name) => [name, addFormats.default.get(name)]));
  const all = { ...formats, "date-time": quickFor(OWN_TIMES, addFormats.default.get("date-time")) };
  return new Ajv({ formats: all, discriminator: true, strict: false, logger: false });
}

/** Times as this project writes them, up to the 28th of a month: those need no calendar. */
export const OWN_TIMES = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** A format that lets pass at once what is `known` to fit it: the library takes a time apart into eight strings. */
function quickFor(known: RegExp, format: Format): Format {
  if (typeof format !== "object" || !("validate" in format) || typeof format.validate !== "function") return format;
  const { validate } = format as { readonly validate: (text: string) => boolean };
  return { validate: (text: string) => known.test(text) || validate(text) };
}
