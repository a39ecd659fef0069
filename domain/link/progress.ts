import type { Change } from "../change.ts";
import type { Link } from "./link.ts";

/** S9: the first accepted data, identity check or operation puts an opened link into progress. */
export function markInProgress(change: Change, link: Link): void {
  if (link.status !== "opened") return;
  change.emit({
    type: "link.in_progress",
    data: { linkId: link.linkId, referenceId: change.command.referenceId, status: "in_progress", at: change.at },
    private: null,
  });
}
