import type { CommandGroup } from "./command.ts";
import { cipGroup } from "./commands/cip.ts";
import { completionGroup } from "./commands/completion.ts";
import { doctorGroup } from "./commands/doctor.ts";
import { keysGroup } from "./commands/keys.ts";
import { linksGroup } from "./commands/links.ts";
import { listenGroup } from "./commands/listen.ts";
import { operationsGroup } from "./commands/operations.ts";
import { parkedGroup } from "./commands/parked.ts";
import { partnersGroup } from "./commands/partners.ts";
import { topicsGroup } from "./commands/topics.ts";
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
  listenGroup,
  doctorGroup,
  completionGroup(() => COMMANDS),
];
