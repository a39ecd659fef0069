import { hear, type Stage } from "./stage.ts";
import type { WidgetClient } from "./widget-client.ts";

const SEND = 100;

/** The user confirms a transfer; it is executed over Kafka; the link is complete and the user verified. */
export async function playTransfer(stage: Stage, widget: WidgetClient, linkId: string): Promise<void> {
  const { story, partner, referenceId } = stage;
  story.say("The user confirms the transfer.");
  const operation = await widget.confirm(SEND);
  story.expect("the operation is created", operation.status, "created");
  story.expect("it sends what the user confirmed", operation.amount.send, SEND);
  for (const event of ["operation.created", "operation.processing", "operation.completed", "link.completed"]) {
    await hear(stage, event, { linkId });
  }
  const link = await partner.readLink(linkId);
  story.expect("the link is completed", link.status, "completed");
  story.expect("the link names its operation", link.operationId, operation.operationId);
  const user = await partner.readUser(referenceId);
  story.expect("the user is cip_verified", user.state, "cip_verified");
  story.expect("the user has no active link any more", user.activeLink, undefined);
  const [newest] = user.lastOperations;
  story.expect(
    "the user's newest operation is this one, completed",
    [newest?.operationId, newest?.status],
    [operation.operationId, "completed"],
  );
}
