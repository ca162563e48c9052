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

/** In the order of their names; a released migration is never changed. */
export const migrations: MigrationProvider = {
  getMigrations: () => Promise.resolve({ "0001-first": first }),
};
