import type { RevokeKeyBody } from "../../../schemas/generated.ts";
import { findKeyById, revokeKey } from "../../../storage/configuration/api-keys.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** POST /admin/keys/{keyId}/revoke: counts on every gateway within a second. Twice is 200 with the first time. */
export function revokeKeyRoute({ validate, configure, keysChanged }: RouteDependencies): AdminRoute {
  const validateBody = validate("http/admin/revoke-key");
  return {
    method: "POST",
    path: "/admin/keys/:keyId/revoke",
    name: "/admin/keys/{keyId}/revoke",
    describe: {
      summary: "Revoke a key",
      body: "http/admin/revoke-key",
      answer: "http/answers/admin/key",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "admin",
    answer: async (request) => {
      const body = checkedInput<RevokeKeyBody>(request.body, { validate: validateBody });
      const keyId = request.params["keyId"] ?? "";
      const reply = await configure(request, async (unit, now) => {
        const found = await findKeyById(unit, keyId);
        if (found === null) throw notFound();
        await revokeKey(unit, { partner: found.partner, keyId }, now);
        const revoked = await findKeyById(unit, keyId);
        return success(200, { ...revoked, ...withWarnings(unknownFields(body, {})) });
      });
      await keysChanged();
      return reply;
    },
  };
}
