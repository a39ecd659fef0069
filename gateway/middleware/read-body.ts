import getRawBody from "raw-body";
import { readJson } from "../read-json.ts";
import { RequestRefused } from "../request-refused.ts";
import type { GatewayContext, Step } from "../state.ts";

const DEFAULT_BODY_BYTES = 256 * 1024;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

const WITH_BODY: readonly string[] = ["POST", "PUT", "PATCH"];

/**
 * Reads the body of a POST, PUT or PATCH: anything but plain JSON in UTF-8 is 415, more bytes than the route takes 413, what
 * is not JSON 400. Sets `state.body`.
 */
export function readBody(): Step {
  return async (context, next) => {
    if (WITH_BODY.includes(context.method)) context.state.body = await bodyOf(context);
    return next();
  };
}

async function bodyOf(context: GatewayContext): Promise<unknown> {
  const encoding = context.get("Content-Encoding") || "identity";
  if (!JSON_TYPE.test(context.get("Content-Type"))) throw new RequestRefused("UNSUPPORTED_MEDIA_TYPE");
  if (encoding !== "identity") {
    throw new RequestRefused("UNSUPPORTED_MEDIA_TYPE", { message: "Send the body without Content-Encoding" });
  }
  return readJson(await bytesOf(context, context.state.route?.maxBodyBytes ?? DEFAULT_BODY_BYTES));
}

async function bytesOf(context: GatewayContext, limit: number): Promise<Buffer> {
  try {
    return await getRawBody(context.req, { length: context.get("Content-Length") || null, limit });
  } catch (cause) {
    // What is left of the body is read and dropped, for as long as a request may take: a sender whose connection is
    // closed while it still sends would never see the answer.
    context.req.resume();
    if (typeOf(cause) === "entity.too.large") {
      throw new RequestRefused("PAYLOAD_TOO_LARGE", {
        message: `The body may have at most ${limit} bytes`,
        cause,
      });
    }
    throw new RequestRefused("INVALID_REQUEST", { message: "The body ended before its Content-Length", cause });
  }
}

function typeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "type" in error ? error.type : undefined;
}
