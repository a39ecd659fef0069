import { defineEntity, p } from "@mikro-orm/postgresql";
import type { Actor } from "../../domain/commands.ts";
import { foreignJsonColumn, timeColumn } from "./columns.ts";
import { UserEntity } from "./user.ts";

/** One event of a user: `data` leaves, `private` never does; both together rebuild the user (P5). */
export const UserHistoryEntity = defineEntity({
  name: "UserHistory",
  tableName: "user_history",
  properties: {
    userId: p.manyToOne(UserEntity).mapToPk().name("user_id").primary(),
    sequence: p.integer().primary(),
    eventId: p.text().unique("user_history_event_id_unique"),
    userVersion: p.integer(),
    type: p.text(),
    at: timeColumn(),
    commandId: p.text(),
    actor: p.json<Actor>(),
    data: foreignJsonColumn<Readonly<Record<string, unknown>>>(),
    private: foreignJsonColumn<Readonly<Record<string, unknown>>>().nullable(),
    /** `partner/environment`, so that a partner's events are found in their order without looking at the users. */
    world: p.text().nullable(),
  },
  indexes: [
    {
      name: "user_history_newest_first",
      columns: [
        { name: "world" },
        { name: "at", sort: "desc" },
        { name: "user_id", sort: "desc" },
        { name: "sequence", sort: "desc" },
      ],
      properties: ["world", "at", "userId", "sequence"],
    },
  ],
  checks: [{ name: "user_history_sequence_positive", expression: "sequence >= 1 and user_version >= 1" }],
});
