import { at, fits, isError, isSuccess, listAt, same, textAt } from "../checks.ts";
import type { Answer } from "../client.ts";
import type { Chapter } from "../subject.ts";

/** What a partner can read of itself and of what happened. */
export const PARTNER: Chapter = {
  title: "partner",
  check: async ({ call, newReferenceId }, expect) => {
    await expect("me has name, slug, status and settings with their defaults filled in", async () => {
      const me = await call({ path: "/partner/me" });
      isSuccess(me, 200);
      fits(at(me.json, "data.slug"), /^[a-z0-9-]{2,32}$/, "slug");
      same([typeof at(me.json, "data.name"), at(me.json, "data.status")], ["string", "active"], "kind of name, status");
      const known = ["defaultExpiresInMinutes", "maxCipAttempts", "reverifyGraceDays"];
      const kinds = known.map((name) => typeof at(me.json, `data.settings.${name}`));
      same(kinds, ["number", "number", "number"], `the kinds of ${known.join(", ")}`);
    });
    const referenceId = newReferenceId();
    const userData = { name: { firstName: "Zacarías" } };
    const made = await call({ method: "POST", path: "/partner/links", body: { referenceId, userData } });
    const events = (query: string) => call({ path: `/partner/events?referenceId=${referenceId}${query}` });
    const typesIn = (answer: Answer) => listAt(answer, "data.items").map((item) => at(item, "event"));
    await expect("what happened to a user is listed as events, newest first, without values", async () => {
      const list = await events("");
      isSuccess(list, 200);
      same(typesIn(list).at(-1), "user.created", "the first event");
      same(list.text.includes("Zacar"), false, "a value in the list");
      const sequences = listAt(list, "data.items").map((item) => Number(at(item, "sequence")));
      same(
        sequences,
        sequences.toSorted((a, b) => b - a),
        "the sequences",
      );
    });
    await expect("by type, and each by its id", async () => {
      const list = await events("&type=link.created");
      same(typesIn(list), ["link.created"], "the types");
      same(at(list.json, "data.items.0.data.linkId"), textAt(made, "data.linkId"), "linkId");
      const one = await call({ path: `/partner/events/${textAt(list, "data.items.0.id")}` });
      same(at(one.json, "data"), at(list.json, "data.items.0"), "the event by its id");
    });
    await expect("page by page with a cursor, until there is none", async () => {
      const all = listAt(await events(""), "data.items");
      const first = await events("&limit=1");
      const second = await events(`&limit=100&cursor=${encodeURIComponent(textAt(first, "data.nextCursor"))}`);
      same([...listAt(first, "data.items"), ...listAt(second, "data.items")], all, "both pages together");
      same(at(second.json, "data.nextCursor"), null, "nextCursor of the last page");
    });
    await expect("a cursor that is none of ours, or an unknown type, is 400", async () => {
      isError(await events("&cursor=elsewhere"), { status: 400, code: "INVALID_REQUEST", names: "cursor" });
      isError(await events("&type=link.lost"), { status: 400, code: "INVALID_REQUEST", names: "type" });
    });
    await expect("unmasked values without pii:read are 403 FORBIDDEN", async () => {
      const path = `/partner/users/${referenceId}?reveal=true`;
      isError(await call({ path }), { status: 403, code: "FORBIDDEN" });
    });
  },
};
