import type { Partner } from "../../storage/configuration/partners.ts";

/** A partner as operators see it, with a value for every setting. */
export function partnerView({ slug, name, isSuspended, settings, createdAt, updatedAt }: Partner) {
  const { branding, ...others } = settings;
  const status = isSuspended ? "suspended" : "active";
  return { slug, name, status, settings: { ...others, branding }, createdAt, updatedAt };
}
