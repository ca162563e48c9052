import { sql, type Kysely } from "kysely";
import type { Database } from "./schema.js";

/** `Store.forget`. The audit log is not there: the database refuses to shorten it. */
export async function forget(
  db: Kysely<Database>,
  what: "logs" | "history",
  before: number,
  limit: number,
): Promise<number> {
  if (what === "logs") return forgetLogs(db, before, limit);
  const parts = await db
    .deleteFrom("call_parts")
    .where("id", "in", (q) => q.selectFrom("call_parts").select("id").where("ended_at", "<", before).limit(limit))
    .executeTakeFirst();
  const wrapUps = await db
    .deleteFrom("wrap_ups")
    .where("id", "in", (q) => q.selectFrom("wrap_ups").select("id").where("submitted_at", "<", before).limit(limit))
    .executeTakeFirst();
  return Number(parts.numDeletedRows) + Number(wrapUps.numDeletedRows);
}

/** Whole logs, the oldest first: half of one would replay to something that never was. Counted by interactions. */
async function forgetLogs(db: Kysely<Database>, before: number, limit: number): Promise<number> {
  const old = await db
    .selectFrom("interaction_events")
    .select("interaction")
    .where("seq", "=", 1)
    .where("recorded_at", "<", sql<Date>`to_timestamp(${before}::float8 / 1000)`)
    .orderBy("recorded_at")
    .limit(limit)
    .execute();
  const interactions = old.map(({ interaction }) => interaction);
  if (interactions.length > 0)
    await db.deleteFrom("interaction_events").where("interaction", "in", interactions).execute();
  return interactions.length;
}
