import { at, holds, isSuccess, listAt, same, textAt } from "../checks.ts";
import type { Chapter } from "../subject.ts";

/** partner_api before partner_webhook before widget, and what explain says of it. */
export const PRECEDENCE: Chapter = {
  title: "precedence",
  check: async ({ call, newReferenceId }, expect) => {
    const referenceId = newReferenceId();
    const path = `/partner/users/${referenceId}`;
    const userData = { name: { firstName: "Juan" } };
    const made = await call({ method: "POST", path: "/partner/links", body: { referenceId, userData } });
    const widget = { path: `/widget/links/${textAt(made, "data.linkId")}`, token: textAt(made, "data.token") };
    const opened = await call({ ...widget, method: "POST", path: `${widget.path}/open`, body: {} });
    const sourceOf = async (field: string) =>
      at(Object(at((await call({ path })).json, "data.fields"))[field], "source");
    const typed = await call({
      ...widget,
      method: "PUT",
      path: `${widget.path}/data`,
      body: {
        version: at(opened.json, "data.version"),
        userData: { name: { firstName: "Pedro", lastName: "Garcia" } },
      },
    });
    await expect("the user's word never replaces the partner's, and is told as ignored", async () => {
      isSuccess(typed, 200);
      const [ignored] = listAt(typed, "data.ignoredFields");
      same(
        [at(ignored, "path"), at(ignored, "reason"), at(ignored, "winningSource")],
        ["name.firstName", "lower_precedence", "partner_api"],
        "ignoredFields",
      );
      same(await sourceOf("name.firstName"), "partner_api", "the source of name.firstName");
    });
    await expect("the user fills what the partner left open", async () => {
      same(await sourceOf("name.lastName"), "widget", "the source of name.lastName");
    });
    await expect("the partner's later word wins at once", async () => {
      await call({ method: "PATCH", path, body: { userData: { name: { lastName: "García" } } } });
      same(await sourceOf("name.lastName"), "partner_api", "the source of name.lastName");
    });
    await expect("the same word again changes no version", async () => {
      const before = at((await call({ path })).json, "data.userVersion");
      await call({ method: "PATCH", path, body: { userData: { name: { lastName: " García " } } } });
      same(at((await call({ path })).json, "data.userVersion"), before, "userVersion");
    });
    await expect("DELETE takes the partner's word back; the user's surfaces", async () => {
      isSuccess(await call({ method: "DELETE", path: `${path}/fields/name.lastName` }), 200);
      same(await sourceOf("name.lastName"), "widget", "the source of name.lastName");
    });
    const explained = await call({ path: `${path}/explain` });
    await expect("explain says who won and who lost, without values", () => {
      isSuccess(explained, 200);
      const field = listAt(explained, "data.fields").find((one) => at(one, "path") === "name.firstName");
      same([at(field, "source"), at(field, "losers.0.source")], ["partner_api", "widget"], "winner and loser");
      holds(!/Juan|Pedro/.test(explained.text), "a value is in the explanation");
    });
    await expect("explain at an earlier event tells that moment", async () => {
      const then = await call({ path: `${path}/explain?at=1` });
      isSuccess(then, 200);
      same([at(then.json, "data.sequence"), at(then.json, "data.state.state")], [1, "pending"], "sequence and state");
    });
    await expect("explain at its last event is explain", async () => {
      const then = await call({ path: `${path}/explain?at=${at(explained.json, "data.sequence")}` });
      same(at(then.json, "data.fields"), at(explained.json, "data.fields"), "the fields");
    });
    await expect("the history counts events without a gap", async () => {
      const history = await call({ path: `${path}/history?limit=100` });
      const sequences = listAt(history, "data.items").map((item) => Number(at(item, "sequence")));
      same(
        sequences,
        sequences.map((_, index) => sequences.length - index),
        "the sequences, newest first",
      );
    });
  },
};
