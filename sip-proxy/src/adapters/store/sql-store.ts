import { Kysely, Migrator, PostgresDialect, type PostgresPool, type Selectable } from "kysely";
import { brand, type InteractionId } from "@legwork/shared/ids";
import type { LoggedEvent, SiteData, Store, WrapUpRecord } from "@legwork/shared/store";
import { migrations } from "./migrations.js";
import type { Database } from "./schema.js";

/** The store on PostgreSQL, embedded (PGlite) or a server's: one schema, one set of queries. */
export class SqlStore implements Store {
  private constructor(private readonly db: Kysely<Database>) {}

  /** Brings the schema up to date first. Rejects when it cannot. */
  static async create(pool: PostgresPool): Promise<SqlStore> {
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
    if (error) throw error instanceof Error ? error : new Error("migration failed");
    return new SqlStore(db);
  }

  async seed(site: SiteData): Promise<SiteData> {
    const known = await this.db.selectFrom("agents").select("id").limit(1).execute();
    if (known.length === 0) await this.#insert(site);
    return this.#site();
  }

  async appendEvent(interaction: InteractionId, { seq, event }: LoggedEvent): Promise<void> {
    await this.db
      .insertInto("interaction_events")
      .values({ interaction, seq, event: JSON.stringify(event) })
      .execute();
  }

  async events(interaction: InteractionId): Promise<readonly LoggedEvent[]> {
    return this.db
      .selectFrom("interaction_events")
      .select(["seq", "event"])
      .where("interaction", "=", interaction)
      .orderBy("seq")
      .execute();
  }

  async saveWrapUp(w: WrapUpRecord): Promise<void> {
    const row = {
      id: w.id,
      interaction: w.interaction,
      agent: w.agent,
      customer_name: w.customerName,
      customer_number: w.customerNumber,
      opened_at: w.openedAt,
      auto_at: w.autoAt,
      submitted_at: w.submitted?.at ?? null,
      reason: w.submitted?.reason ?? null,
      note: w.submitted?.note ?? null,
      submitted_by: w.submitted?.by ?? null,
    };
    await this.db
      .insertInto("wrap_ups")
      .values(row)
      .onConflict((c) => c.column("id").doUpdateSet(row))
      .execute();
  }

  async openWrapUps(): Promise<readonly WrapUpRecord[]> {
    const rows = await this.db.selectFrom("wrap_ups").selectAll().where("submitted_at", "is", null).execute();
    return rows.map(wrapUpOf);
  }

  async wrapUpsOf(interaction: InteractionId): Promise<readonly WrapUpRecord[]> {
    const rows = await this.db
      .selectFrom("wrap_ups")
      .selectAll()
      .where("interaction", "=", interaction)
      .orderBy("opened_at")
      .execute();
    return rows.map(wrapUpOf);
  }

  async close(): Promise<void> {
    await this.db.destroy();
  }

  /** All or nothing: a half-seeded site would never be completed. */
  async #insert(site: SiteData): Promise<void> {
    const reasons = [
      ...site.wrapUpReasons.map((r, position) => ({ kind: "wrap-up" as const, r, position })),
      ...site.idleReasons.map((r, position) => ({ kind: "idle" as const, r, position })),
    ].map(({ kind, r, position }) => ({ kind, id: r.id, label: r.label, label_nb: r.labelNb, position }));
    const members = site.queues.flatMap((q) => q.agents.map((agent) => ({ queue: q.id, agent })));
    await this.db.transaction().execute(async (tx) => {
      await tx
        .insertInto("agents")
        .values(site.agents.map(({ passwordHash, ...a }) => ({ ...a, password_hash: passwordHash })))
        .execute();
      await tx
        .insertInto("queues")
        .values(site.queues.map(({ id, name }, position) => ({ id, name, position })))
        .execute();
      if (members.length > 0) await tx.insertInto("queue_agents").values(members).execute();
      await tx
        .insertInto("entry_points")
        .values(site.entryPoints.map((e, position) => ({ ...e, position })))
        .execute();
      await tx.insertInto("reasons").values(reasons).execute();
    });
  }

  async #site(): Promise<SiteData> {
    const agents = await this.db.selectFrom("agents").selectAll().orderBy("name").execute();
    const queues = await this.db.selectFrom("queues").selectAll().orderBy("position").execute();
    const members = await this.db.selectFrom("queue_agents").selectAll().execute();
    const entryPoints = await this.db.selectFrom("entry_points").selectAll().orderBy("position").execute();
    const reasons = await this.db.selectFrom("reasons").selectAll().orderBy("position").execute();
    const reasonsOf = (kind: "wrap-up" | "idle") =>
      reasons.filter((r) => r.kind === kind).map((r) => ({ id: r.id, label: r.label, labelNb: r.label_nb }));
    return {
      agents: agents.map(({ password_hash: passwordHash, id, ...a }) => ({ ...a, id: brand(id), passwordHash })),
      queues: queues.map(({ id, name }) => ({
        id: brand(id),
        name,
        agents: members.filter((m) => m.queue === id).map((m) => brand(m.agent)),
      })),
      entryPoints: entryPoints.map(({ id, name, number, queue }) => ({
        id: brand(id),
        name,
        number,
        queue: brand(queue),
      })),
      wrapUpReasons: reasonsOf("wrap-up"),
      idleReasons: reasonsOf("idle"),
    };
  }
}

function wrapUpOf(row: Selectable<Database["wrap_ups"]>): WrapUpRecord {
  const { submitted_at: at, reason, note, submitted_by: by } = row;
  return {
    id: brand(row.id),
    interaction: brand(row.interaction),
    agent: brand(row.agent),
    customerName: row.customer_name,
    customerNumber: row.customer_number,
    openedAt: row.opened_at,
    autoAt: row.auto_at,
    submitted: at !== null && reason !== null && by !== null ? { at, reason, note: note ?? "", by } : null,
  };
}
