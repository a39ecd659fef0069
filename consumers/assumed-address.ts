import type { UserAddress } from "../domain/user/user.ts";

/** What a message may say of the user it is about. */
export interface StatedAddress {
  readonly partner?: string | undefined;
  readonly environment?: UserAddress["environment"] | undefined;
  readonly referenceId?: string | undefined;
}

/**
 * An address for something whose user nobody knows (yet), so that the users consumer holds it until its attempt or
 * operation appears: what the message states, and otherwise the partner that is part of an id we gave
 * (`cip_<partner>_<12>`), environment live, and the id itself in place of the referenceId. Undefined for an id of
 * another form: we never gave it, so it will never appear.
 */
export function assumedAddress(kind: "cip" | "op", id: string, stated: StatedAddress = {}): UserAddress | undefined {
  const { partner, environment, referenceId } = stated;
  if (partner !== undefined && environment !== undefined && referenceId !== undefined) {
    return { partner, environment, referenceId };
  }
  const [, ownKind, ownPartner] = /^([a-z]+)_([a-z0-9-]{2,32})_[a-z0-9]{12}$/.exec(id) ?? [];
  if (ownKind !== kind || ownPartner === undefined) return undefined;
  return { partner: ownPartner, environment: environment ?? "live", referenceId: referenceId ?? id };
}
