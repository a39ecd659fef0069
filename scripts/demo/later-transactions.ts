import { hear, type Stage } from "./stage.ts";
import { playTransfer } from "./transfer.ts";

const NEW_METHOD = {
  paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber: "098765432109876543" } },
} as const;

/** The seed's second transaction: nothing but the referenceId; no data request, no identity check. */
export async function playSecondTransaction(stage: Stage): Promise<void> {
  const { story, partner, referenceId } = stage;
  story.chapter("Second transaction: frictionless");
  story.say("The partner asks for a link with the same referenceId and nothing else.");
  const link = await partner.createLink({ referenceId });
  story.expect(
    "nothing is missing and nothing is asked for",
    [link.missingFields, link.dataRequestId],
    [[], undefined],
  );
  story.expect("the user is known and verified", link.userState, "cip_verified");
  await openStraightToTransfer(stage, link);
  expectNoDataRequest(stage, link.linkId);
}

/** The seed's third transaction: a new payment method takes the old one's place; the user stays verified. */
export async function playThirdTransaction(stage: Stage): Promise<void> {
  const { story, partner, referenceId } = stage;
  story.chapter("Third transaction: a new payment method");
  const before = await partner.readUser(referenceId);
  story.expect("until now the user's own account counts", method(before.fields), ["widget", "**************4567"]);
  story.say("The partner asks for a link with a new payment method.");
  const link = await partner.createLink({ referenceId, userData: NEW_METHOD });
  story.expect("nothing of it was ignored", link.ignoredFields, []);
  story.expect("the user is still verified", link.userState, "cip_verified");
  const { data } = await hear(stage, "user.data_updated", { source: "partner_api" });
  story.expect("the webhook names the field and no value", data["paths"], ["paymentMethod"]);
  const after = await partner.readUser(referenceId);
  story.expect("the new account counts now", method(after.fields), ["partner_api", "**************6543"]);
  story.expect("the user is still cip_verified", after.state, "cip_verified");
  await openStraightToTransfer(stage, link);
  expectNoDataRequest(stage, link.linkId);
}

async function openStraightToTransfer(
  stage: Stage,
  link: { readonly linkId: string; readonly url: string },
): Promise<void> {
  const { story, widgetOf } = stage;
  story.say("The user opens the link and goes straight to the transfer.");
  const widget = widgetOf(link.url);
  const { steps } = await widget.open();
  story.expect("no data, no identity check", steps, ["confirm", "done"]);
  await hear(stage, "link.opened", { linkId: link.linkId });
  await playTransfer(stage, widget, link.linkId);
}

function expectNoDataRequest({ story, receiver }: Stage, linkId: string): void {
  const asked = receiver.all().filter(({ event, data }) => event === "user.data_request" && data["linkId"] === linkId);
  story.expect("no data request was sent for this link", asked.length, 0);
}

type Fields = Readonly<Record<string, { readonly source: string; readonly value: unknown }>>;

/** Where the payment method came from, and its account number as it is shown. */
function method(fields: Fields): readonly unknown[] {
  const { source, value } = fields["paymentMethod"] ?? {};
  return [source, (value as { readonly bankAccount?: { readonly accountNumber: string } })?.bankAccount?.accountNumber];
}
