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
  },
  checks: [{ name: "user_history_sequence_positive", expression: "sequence >= 1 and user_version >= 1" }],
});
