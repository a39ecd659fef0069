import type { Route } from "../../gateway/route.ts";
import type { JsonSchema } from "../../schemas/load-schema.ts";

/** Where a route is, with its parameters in braces. */
export function pathOf({ path, name }: Pick<Route, "path" | "name">): string {
  return typeof path === "string" ? path.replace(/:(\w+)/g, "{$1}") : name;
}

/** The path parameters of a path in braces form. One that is not described here throws. */
export function pathParametersOf(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => {
    const known = PARAMETERS[name];
    if (known === undefined) throw new Error(`Nothing describes {${name}} of ${path}: add it to path-parameters.ts`);
    const { description, example, schema = ANY_ID } = known;
    return { name, in: "path", required: true, description, schema, example };
  });
}

interface Described {
  readonly description: string;
  readonly example: string;
  readonly schema?: JsonSchema;
}

/** A wrong form is 404 like an unknown id, so that any text may be sent. */
const ANY_ID: JsonSchema = { type: "string", minLength: 1 };

const PARAMETERS: Readonly<Record<string, Described>> = {
  linkId: { description: "The id of a link", example: "link_acme_a1b2c3d4e5f6" },
  dataRequestId: { description: "The id of a data request", example: "dr_acme_a1b2c3d4e5f6" },
  operationId: { description: "The id of an operation", example: "op_acme_a1b2c3d4e5f6" },
  commandId: { description: "The id of a command", example: "cmd_acme_a1b2c3d4e5f6" },
  eventId: { description: "The id of an event", example: "evt_acme_a1b2c3d4e5f6" },
  endpointId: { description: "The id of a webhook endpoint", example: "ep_acme_a1b2c3d4e5f6" },
  replayId: { description: "The id of a replay", example: "rpl_acme_a1b2c3d4e5f6" },
  userId: { description: "The id of a user", example: "user_acme_a1b2c3d4e5f6" },
  keyId: { description: "The id of an API key", example: "key_acme_a1b2c3d4e5f6" },
  parkedId: { description: "The id of a parked message", example: "17" },
  id: { description: "The id of the resource", example: "17" },
  slug: { description: "A partner's slug", example: "acme" },
  partner: { description: "A partner's slug", example: "acme" },
  environment: { description: "test or live", example: "test" },
  referenceId: { description: "The partner's own identifier of the user, percent-encoded", example: "user_12345" },
  path: {
    description: "The path of a field, as name.firstName or idNumber; another one is 400",
    example: "name.firstName",
  },
  flow: {
    description: "The flow of the widget",
    example: "m2m-basic",
    schema: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" },
  },
};
