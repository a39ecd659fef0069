import type { LinkTokens } from "../link-token.ts";
import { RequestRefused } from "../request-refused.ts";
import type { Step } from "../state.ts";
import { bearerToken } from "./authenticate-partner.ts";

/** C10: a widget call needs the token of the link in its path; the link's id alone opens nothing. */
export function authenticateWidget(tokens: LinkTokens): Step {
  return (context, next) => {
    const { route, params } = context.state;
    if (route?.access === "widget" && !tokens.isTokenOf(params?.["linkId"] ?? "", bearerToken(context))) {
      throw new RequestRefused("UNAUTHORIZED", { message: "Missing or wrong link token. Open the link again." });
    }
    return next();
  };
}
