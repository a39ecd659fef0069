import { hear, type Stage } from "./stage.ts";
import { playTransfer } from "./transfer.ts";
import type { WidgetClient } from "./widget-client.ts";

const MISSING = ["name.secondName", "idNumber", "dob"];
const PARTNER_KNOWS = { name: { firstName: "Juan", lastName: "Garcia" } };
const PARTNER_FINDS = { name: { secondName: "Carlos" }, idNumber: "GALO900515", dob: "1990-05-15" };
const USER_TYPES = {
  paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber: "012345678901234567" } },
} as const;

/** The seed's first transaction: partial data, a data request and its answer, the identity check, a transfer. */
export async function playFirstTransaction(stage: Stage): Promise<void> {
  const { story, partner, widgetOf, referenceId } = stage;
  story.chapter("First transaction: a new user");
  story.say("The partner asks for a link and says what it knows of the user.");
  const link = await partner.createLink({ referenceId, userData: PARTNER_KNOWS });
  story.expect("the answer says what the identity check misses", link.missingFields, MISSING);
  story.expect("the user is data_incomplete", link.userState, "data_incomplete");
  await answerDataRequest(stage, link.linkId, link.dataRequestId);
  const widget = widgetOf(link.url);
  await verifyIdentity(stage, widget, link.linkId);
  story.say("The user types a bank account, which the partner never gave.");
  const { version } = await widget.look();
  const session = await widget.provide(USER_TYPES, version);
  story.expect("only the confirmation is left", session.steps, ["confirm", "done"]);
  await playTransfer(stage, widget, link.linkId);
}

async function answerDataRequest(stage: Stage, linkId: string, dataRequestId: string | undefined): Promise<void> {
  const { story, partner, referenceId, gatewayUrl } = stage;
  story.say("We ask the partner for exactly what is missing.");
  const { data } = await hear(stage, "user.data_request", { linkId });
  story.expect("the webhook asks for exactly these fields", data["requiredFields"], MISSING);
  story.expect("it is the data request of the link's answer", data["dataRequestId"], dataRequestId);
  const reply = new URL(String(data["replyEndpoint"]));
  story.expect("the reply goes to this gateway", reply.origin, new URL(gatewayUrl).origin);
  story.say("The partner answers with exactly these fields.");
  const answer = await partner.answerDataRequest(reply.pathname, PARTNER_FINDS);
  story.expect("the data request is fulfilled", [answer.status, answer.remainingFields], ["fulfilled", []]);
  story.expect("nothing was ignored", answer.ignoredFields, []);
  await hear(stage, "user.data_request.closed", { linkId });
  await hear(stage, "user.state_changed", { to: "data_complete" });
  const { state, fields } = await partner.readUser(referenceId);
  story.expect("the user is data_complete", state, "data_complete");
  story.expect("the first name came with the link", fields["name.firstName"]?.source, "partner_api");
  story.expect("the id number came with the answer", fields["idNumber"]?.source, "partner_webhook");
  story.expect("the id number is shown masked", fields["idNumber"]?.value, "******0515");
}

async function verifyIdentity(stage: Stage, widget: WidgetClient, linkId: string): Promise<void> {
  const { story } = stage;
  story.say("The user opens the link. A look changes nothing; opening is a step of its own.");
  const seen = await widget.look();
  story.expect("the page shows only what is missing", seen.steps, ["open", "cip", "payment_method", "confirm", "done"]);
  const opened = await widget.open();
  story.expect("the link is opened", opened.status, "opened");
  await hear(stage, "link.opened", { linkId });
  story.say("The user asks for the identity check; the CIP system answers over Kafka.");
  const submitted = await widget.submitCip();
  story.expect("the check is under way", submitted.userState, "cip_pending");
  await hear(stage, "link.in_progress", { linkId });
  await hear(stage, "user.cip_pending");
  const verified = await hear(stage, "user.cip_verified");
  story.expect("it is this attempt that passed", verified.data["attemptId"], submitted.attemptId);
  await hear(stage, "user.state_changed", { to: "cip_verified" });
}
