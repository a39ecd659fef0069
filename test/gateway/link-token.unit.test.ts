import { expect, test } from "vitest";
import { createLinkAddresses } from "../../gateway/link-address.ts";
import { createLinkTokens } from "../../gateway/link-token.ts";

const tokens = createLinkTokens("a secret of the server that is long enough");
const LINK = "link_acme_0123456789ab";

test("C10 a link's token is a UUID, always the same, and opens no other link", () => {
  const token = tokens.tokenOf(LINK);
  expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(tokens.tokenOf(LINK)).toBe(token);
  expect(tokens.isTokenOf(LINK, token)).toBe(true);
  expect(tokens.isTokenOf("link_acme_0123456789ac", token)).toBe(false);
  expect(tokens.isTokenOf(LINK, "")).toBe(false);
  expect(tokens.isTokenOf(LINK, token.toUpperCase())).toBe(false);
});

test("C10 under another server secret every token is another", () => {
  const other = createLinkTokens("another secret of the server, long enough");
  expect(other.isTokenOf(LINK, tokens.tokenOf(LINK))).toBe(false);
});

test("C10 the secret stands in the fragment, and only where it is asked for", () => {
  const addresses = createLinkAddresses("https://pay.example", tokens);
  const link = { linkId: LINK, flow: "m2m-basic" };
  expect(addresses.urlOf(link)).toBe(`https://pay.example/${LINK}/m2m-basic`);
  const token = tokens.tokenOf(LINK);
  expect(addresses.opened(link)).toEqual({ url: `https://pay.example/${LINK}/m2m-basic#${token}`, token });
});
