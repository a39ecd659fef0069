import type { LinkTokens } from "./link-token.ts";

export interface LinkAddresses {
  /** The page of a link without its secret: for lists and events. */
  readonly urlOf: (link: NamedLink) => string;
  /** The secret of a link, and its page with that secret in the fragment, which never reaches a server's log. */
  readonly opened: (link: NamedLink) => { readonly url: string; readonly token: string };
}

export interface NamedLink {
  readonly linkId: string;
  readonly flow: string;
}

/** The addresses of the pages behind links: `{base}/{linkId}/{flow}#{token}`; the base has no trailing slash. */
export function createLinkAddresses(widgetBaseUrl: string, tokens: LinkTokens): LinkAddresses {
  const urlOf = ({ linkId, flow }: NamedLink) => `${widgetBaseUrl}/${linkId}/${encodeURIComponent(flow)}`;
  return {
    urlOf,
    opened: (link) => {
      const token = tokens.tokenOf(link.linkId);
      return { url: `${urlOf(link)}#${token}`, token };
    },
  };
}
