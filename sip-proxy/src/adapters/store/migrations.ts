import { sql, type Kysely, type Migration, type MigrationProvider } from "kysely";

const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("agents")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("role", "text", (c) => c.notNull())
      .addColumn("extension", "text", (c) => c.unique())
      .addColumn("password_hash", "text", (c) => c.notNull())
      .execute();
    await db.schema
      .createTable("queues")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("position", "integer", (c) => c.notNull())
      .execute();
    await db.schema
      .createTable("queue_agents")
      .addColumn("queue", "text", (c) => c.notNull().references("queues.id").onDelete("cascade"))
      .addColumn("agent", "text", (c) => c.notNull().references("agents.id").onDelete("cascade"))
      .addPrimaryKeyConstraint("queue_agents_pk", ["queue", "agent"])
      .execute();
    await db.schema
      .createTable("entry_points")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("number", "text", (c) => c.notNull().unique())
      .addColumn("queue", "text", (c) => c.notNull().references("queues.id"))
      .addColumn("position", "integer", (c) => c.notNull())
      .execute();
    await db.schema
      .createTable("reasons")
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("id", "text", (c) => c.notNull())
      .addColumn("label", "text", (c) => c.notNull())
      .addColumn("label_nb", "text", (c) => c.notNull())
      .addColumn("position", "integer", (c) => c.notNull())
      .addPrimaryKeyConstraint("reasons_pk", ["kind", "id"])
      .execute();
    // Append-only: the primary key refuses a second event with the same number.
    await db.schema
      .createTable("interaction_events")
      .addColumn("interaction", "text", (c) => c.notNull())
      .addColumn("seq", "integer", (c) => c.notNull())
      .addColumn("event", "jsonb", (c) => c.notNull())
      .addColumn("recorded_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint("interaction_events_pk", ["interaction", "seq"])
      .execute();
    await db.schema
      .createTable("wrap_ups")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("interaction", "text", (c) => c.notNull())
      .addColumn("agent", "text", (c) => c.notNull())
      .addColumn("customer_name", "text", (c) => c.notNull())
      .addColumn("customer_number", "text", (c) => c.notNull())
      .addColumn("opened_at", "bigint", (c) => c.notNull())
      .addColumn("auto_at", "bigint")
      .addColumn("submitted_at", "bigint")
      .addColumn("reason", "text")
      .addColumn("note", "text")
      .addColumn("submitted_by", "text")
      .execute();
    await db.schema.createIndex("wrap_ups_interaction").on("wrap_ups").column("interaction").execute();
  },
};

/** DI-1: what administrators change at run time, and the log of it. */
const administration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable("agents")
      .addColumn("disabled", "boolean", (c) => c.notNull().defaultTo(false))
      .addColumn("phone_ha1", "jsonb")
      .execute();
    await db.schema
      .createTable("experts")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("role", "text", (c) => c.notNull())
      .addColumn("department", "text", (c) => c.notNull())
      .addColumn("number", "text")
      .execute();
    await db.schema
      .createTable("dial_numbers")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("number", "text", (c) => c.notNull())
      .addColumn("position", "integer", (c) => c.notNull())
      .execute();
    // Which parts of a site file were put in once. A database of before has had its people, and nothing of what came later.
    await db.schema
      .createTable("seeded")
      .addColumn("part", "text", (c) => c.primaryKey())
      .execute();
    await sql`insert into seeded (part) select 'site' where exists (select 1 from agents)`.execute(db);
    await db.schema
      .createTable("audit")
      .addColumn("id", "bigint", (c) => c.primaryKey().generatedAlwaysAsIdentity())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("who", "text")
      .addColumn("action", "text", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("subject", "text", (c) => c.notNull())
      .addColumn("before", "jsonb")
      .addColumn("after", "jsonb")
      .execute();
    // Append-only, whatever our own code may do one day.
    await sql`
      create function audit_is_append_only() returns trigger language plpgsql as
      $$ begin raise exception 'the audit log is append-only'; end $$
    `.execute(db);
    await sql`
      create trigger audit_is_append_only before update or delete or truncate on audit
      for each statement execute function audit_is_append_only()
    `.execute(db);
  },
};

/** The call history of agents. */
const callParts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("call_parts")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("call", "text", (c) => c.notNull())
      .addColumn("agent", "text", (c) => c.notNull())
      .addColumn("began_at", "bigint", (c) => c.notNull())
      .addColumn("ended_at", "bigint")
      .addColumn("part", "jsonb", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("call_parts_agent").on("call_parts").columns(["agent", "began_at"]).execute();
    await sql`create index call_parts_open on call_parts (id) where ended_at is null`.execute(db);
  },
};

/** Interactions by their beginnings. */
const firstEvents: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index interaction_events_first on interaction_events (recorded_at) where seq = 1`.execute(db);
  },
};

/** What is deleted by its age, and found by its call. */
const ages: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index call_parts_call on call_parts (call, agent)`.execute(db);
    await sql`create index call_parts_ended on call_parts (ended_at)`.execute(db);
    await sql`create index wrap_ups_submitted on wrap_ups (submitted_at)`.execute(db);
  },
};

/** In the order of their names; a released migration is never changed. */
export const migrations: MigrationProvider = {
  getMigrations: () =>
    Promise.resolve({
      "0001-first": first,
      "0002-administration": administration,
      "0003-call-parts": callParts,
      "0004-first-events": firstEvents,
      "0005-ages": ages,
    }),
};
