import type { CreateKeyBody } from "../../../schemas/generated.ts";
import { createKey, FIRST_KEY_PERMISSIONS } from "../../../storage/configuration/api-keys.ts";
import { findPartner } from "../../../storage/configuration/partners.ts";
import { checkedInput, unknownFields } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** POST /admin/keys: the text of the key is shown only here. */
export function createKeyRoute({ validate, configure }: RouteDependencies): AdminRoute {
  const validateBody = validate("http/admin/create-key");
  return {
    method: "POST",
    path: "/admin/keys",
    name: "/admin/keys",
    describe: {
      summary: "Make a key; its text is shown only here",
      body: "http/admin/create-key",
      answer: "http/answers/admin/key-created",
      status: 201,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "admin",
    answer: (request) => {
      const body = checkedInput<CreateKeyBody>(request.body, { validate: validateBody });
      const { partner, environment, permissions = FIRST_KEY_PERMISSIONS } = body;
      const warnings = unknownFields(body, { partner: true, environment: true, permissions: true });
      return configure(request, async (unit, now) => {
        if ((await findPartner(unit, partner)) === null) throw notFound();
        const { keyId, text, prefix } = await createKey(unit, { partner, environment, permissions }, now);
        return success(201, { keyId, key: text, prefix, partner, environment, permissions, createdAt: now, warnings });
      });
    },
  };
}
