import { Kysely, Migrator, PostgresDialect, sql, type PostgresPool, type Selectable } from "kysely";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type {
  AuditEntry,
  AuditRecord,
  CallPart,
  LoggedEvent,
  SiteChange,
  SiteData,
  Store,
  WrapUpRecord,
} from "@legwork/shared/store";
import { migrations } from "./migrations.js";
import { forget } from "./retention.js";
import type { Database } from "./schema.js";
import { seedAdministrators, seedParts } from "./seed.js";
import { readSite, writeChange } from "./site-tables.js";

/** The store on PostgreSQL, embedded (PGlite) or a server's: one schema, one set of queries. */
export class SqlStore implements Store {
  private constructor(private readonly db: Kysely<Database>) {}

  /** Brings the schema up to date first. Rejects when it cannot, and the pool is closed then. */
  static async create(pool: PostgresPool): Promise<SqlStore> {
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
    if (!error) return new SqlStore(db);
    await db.destroy();
    throw error instanceof Error ? error : new Error("migration failed");
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.db);
  }

  async seed(site: SiteData): Promise<SiteData> {
    return this.db.transaction().execute(async (tx) => {
      await seedParts(tx, site);
      for (const subject of await seedAdministrators(tx, site)) {
        const after = { role: "admin", from: "site file" };
        await append(tx, {
          at: Date.now(),
          who: null,
          action: "changed",
          kind: "agents",
          subject,
          before: null,
          after,
        });
      }
      return readSite(tx);
    });
  }

  async change(change: SiteChange, entry: AuditEntry): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await writeChange(tx, change);
      await append(tx, entry);
    });
  }

  async audit(entry: AuditEntry): Promise<void> {
    await append(this.db, entry);
  }

  async auditLog(before: number | null, limit: number): Promise<readonly AuditRecord[]> {
    let query = this.db.selectFrom("audit").selectAll().orderBy("id", "desc").limit(limit);
    if (before !== null) query = query.where("id", "<", before);
    return query.execute();
  }

  async appendEvent(interaction: InteractionId, { seq, event }: LoggedEvent): Promise<void> {
    await this.db
      .insertInto("interaction_events")
      .values({ interaction, seq, event: JSON.stringify(event) })
      .execute();
  }

  async firstEvents(
    before: InteractionId | null,
    limit: number,
  ): Promise<readonly { interaction: InteractionId; event: InteractionEvent }[]> {
    const first = this.db.selectFrom("interaction_events").where("seq", "=", 1);
    let query = first
      .select(["interaction", "event"])
      .orderBy("recorded_at", "desc")
      .orderBy("interaction")
      .limit(limit);
    if (before !== null) {
      const at = first.select("recorded_at").where("interaction", "=", before);
      query = query.where((e) =>
        e.or([e("recorded_at", "<", at), e.and([e("recorded_at", "=", at), e("interaction", ">", before)])]),
      );
    }
    const rows = await query.execute();
    return rows.map(({ event, interaction }) => ({ interaction: brand(interaction), event }));
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
      reason: (w.submitted ?? w.draft)?.reason ?? null,
      note: (w.submitted ?? w.draft)?.note ?? null,
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

  async wrapUpsBy(agent: AgentId, interactions: readonly InteractionId[]): Promise<readonly WrapUpRecord[]> {
    if (interactions.length === 0) return [];
    const rows = await this.db
      .selectFrom("wrap_ups")
      .selectAll()
      .where("interaction", "in", interactions)
      .where("agent", "=", agent)
      .orderBy("opened_at")
      .execute();
    return rows.map(wrapUpOf);
  }

  async saveCallPart(part: CallPart): Promise<void> {
    const { agent, began, call, end, id } = part;
    const row = { id, call, agent, began_at: began, ended_at: end?.at ?? null, part: JSON.stringify(part) };
    await this.db
      .insertInto("call_parts")
      .values(row)
      .onConflict((c) => c.column("id").doUpdateSet(row))
      .execute();
  }

  async openCallParts(): Promise<readonly CallPart[]> {
    const rows = await this.db.selectFrom("call_parts").select("part").where("ended_at", "is", null).execute();
    return rows.map(({ part }) => part);
  }

  async callParts(
    agent: AgentId,
    { from, limit, to }: { from: number; to: number; limit: number },
  ): Promise<readonly CallPart[]> {
    const rows = await this.db
      .selectFrom("call_parts")
      .select("part")
      .where("agent", "=", agent)
      .where("began_at", ">=", from)
      .where("began_at", "<", to)
      .where("ended_at", "is not", null)
      .orderBy("began_at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
    return rows.map(({ part }) => part);
  }

  async callPartsIn(agent: AgentId, calls: readonly InteractionId[]): Promise<readonly CallPart[]> {
    if (calls.length === 0) return [];
    const rows = await this.db
      .selectFrom("call_parts")
      .select("part")
      .where("call", "in", calls)
      .where("agent", "=", agent)
      .where("ended_at", "is not", null)
      .orderBy("began_at", "desc")
      .orderBy("id", "desc")
      .execute();
    return rows.map(({ part }) => part);
  }

  forget(what: "logs" | "history", before: number, limit: number): Promise<number> {
    return forget(this.db, what, before, limit);
  }

  async close(): Promise<void> {
    await this.db.destroy();
  }
}

async function append(db: Kysely<Database>, { before, after, ...entry }: AuditEntry): Promise<void> {
  await db
    .insertInto("audit")
    .values({ ...entry, before: before && JSON.stringify(before), after: after && JSON.stringify(after) })
    .execute();
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
    draft: at === null && reason !== null ? { reason, note: note ?? "" } : null,
    submitted: at !== null && reason !== null && by !== null ? { at, reason, note: note ?? "", by } : null,
  };
}
