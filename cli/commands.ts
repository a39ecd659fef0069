import type { CommandGroup } from "./command.ts";
import { cipGroup } from "./commands/cip.ts";
import { completionGroup } from "./commands/completion.ts";
import { doctorGroup } from "./commands/doctor.ts";
import { endpointsGroup } from "./commands/endpoints.ts";
import { deliveriesGroup, eventsGroup } from "./commands/events.ts";
import { keysGroup } from "./commands/keys.ts";
import { linksGroup } from "./commands/links.ts";
import { listenGroup } from "./commands/listen.ts";
import { operationsGroup } from "./commands/operations.ts";
import { parkedGroup } from "./commands/parked.ts";
import { partnersGroup } from "./commands/partners.ts";
import { replayGroup } from "./commands/replay.ts";
import { topicsGroup } from "./commands/topics.ts";
import { triggerGroup } from "./commands/trigger.ts";
import { usersGroup } from "./commands/users.ts";

/** Every command. Parsing, help, completion and docs/cli.md follow from this table. */
export const COMMANDS: readonly CommandGroup[] = [
  partnersGroup,
  keysGroup,
  usersGroup,
  linksGroup,
  cipGroup,
  operationsGroup,
  parkedGroup,
  topicsGroup,
  endpointsGroup,
  eventsGroup,
  deliveriesGroup,
  replayGroup,
  listenGroup,
  triggerGroup,
  doctorGroup,
  completionGroup(() => COMMANDS),
];
