import type { CreateLink } from "../../domain/commands.ts";
import type { UserDataInput, Values } from "../../domain/user/fields.ts";

export interface CreateLinkParts {
  readonly partner: string;
  readonly referenceId: string;
  readonly commandId: string;
  readonly onActive?: CreateLink["payload"]["onActive"];
  readonly values?: Values;
  readonly paths?: UserDataInput["paths"];
}

/** A CreateLink as the gateway would publish it; `paths` only where they are meant not to fit the values. */
export function createLinkCommand(parts: CreateLinkParts): CreateLink {
  const { partner, referenceId, commandId, onActive = "error", values = {} } = parts;
  const paths = parts.paths ?? (Object.keys(values) as UserDataInput["paths"]);
  return {
    type: "CreateLink",
    ...{ commandId, partner, environment: "test", referenceId, values },
    actor: { kind: "partner", id: null },
    issuedAt: new Date().toISOString(),
    replyTo: null,
    payload: {
      flow: "m2m-basic",
      theme: null,
      language: null,
      callbackUrl: null,
      redirectUrl: null,
      expiredRedirectUrl: null,
      metadata: null,
      expiresInMinutes: null,
      onActive,
      userData: { paths, notApplicable: [], empty: [] },
    },
  };
}
