import type { Kysely } from "kysely";
import { brand } from "@legwork/shared/ids";
import type { AgentRecord, ReasonRecord, SiteChange, SiteData, SiteKind } from "@legwork/shared/store";
import type { Database } from "./schema.js";

type Db = Kysely<Database>;
type Put = Extract<SiteChange, { op: "put" }>;
type Positioned = "queues" | "entry_points" | "reasons" | "dial_numbers";

export async function readSite(db: Db): Promise<SiteData> {
  const agents = await db.selectFrom("agents").selectAll().orderBy("name").orderBy("id").execute();
  const queues = await db.selectFrom("queues").selectAll().orderBy("position").execute();
  const members = await db.selectFrom("queue_agents").selectAll().orderBy("agent").execute();
  const entryPoints = await db.selectFrom("entry_points").selectAll().orderBy("position").execute();
  const reasons = await db.selectFrom("reasons").selectAll().orderBy("position").execute();
  const experts = await db.selectFrom("experts").selectAll().orderBy("name").orderBy("id").execute();
  const dialNumbers = await db.selectFrom("dial_numbers").selectAll().orderBy("position").execute();
  const reasonsOf = (kind: "wrap-up" | "idle"): ReasonRecord[] =>
    reasons.filter((r) => r.kind === kind).map((r) => ({ id: r.id, label: r.label, labelNb: r.label_nb }));
  return {
    agents: agents.map(({ password_hash: passwordHash, phone_ha1: phoneHa1, id, ...a }) => ({
      ...a,
      id: brand(id),
      passwordHash,
      phoneHa1,
    })),
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
    experts,
    dialNumbers: dialNumbers.map(({ id, name, number }) => ({ id, name, number })),
  };
}

/** Inserts, or replaces what has the same id; what is new goes to the end of its list. Within a transaction of the caller. */
export async function writeChange(tx: Db, change: SiteChange): Promise<void> {
  await (change.op === "put" ? put(tx, change) : remove(tx, change.kind, change.id));
}

async function put(tx: Db, { kind, record }: Put): Promise<void> {
  switch (kind) {
    case "agents": {
      const row = agentRow(record);
      await tx
        .insertInto("agents")
        .values(row)
        .onConflict((c) => c.column("id").doUpdateSet(row))
        .execute();
      return;
    }
    case "queues": {
      const { id, name, agents } = record;
      await tx
        .insertInto("queues")
        .values({ id, name, position: await next(tx, "queues") })
        .onConflict((c) => c.column("id").doUpdateSet({ name }))
        .execute();
      await tx.deleteFrom("queue_agents").where("queue", "=", id).execute();
      const members = agents.map((agent) => ({ queue: id, agent }));
      if (members.length > 0) await tx.insertInto("queue_agents").values(members).execute();
      return;
    }
    case "entryPoints": {
      await tx
        .insertInto("entry_points")
        .values({ ...record, position: await next(tx, "entry_points") })
        .onConflict((c) => c.column("id").doUpdateSet(record))
        .execute();
      return;
    }
    case "wrapUpReasons":
    case "idleReasons": {
      const row = { label: record.label, label_nb: record.labelNb };
      await tx
        .insertInto("reasons")
        .values({ kind: reasonKind(kind), id: record.id, ...row, position: await next(tx, "reasons") })
        .onConflict((c) => c.columns(["kind", "id"]).doUpdateSet(row))
        .execute();
      return;
    }
    case "experts":
      await tx
        .insertInto("experts")
        .values(record)
        .onConflict((c) => c.column("id").doUpdateSet(record))
        .execute();
      return;
    case "dialNumbers":
      await tx
        .insertInto("dial_numbers")
        .values({ ...record, position: await next(tx, "dial_numbers") })
        .onConflict((c) => c.column("id").doUpdateSet(record))
        .execute();
  }
}

async function remove(tx: Db, kind: SiteKind, id: string): Promise<void> {
  switch (kind) {
    case "wrapUpReasons":
    case "idleReasons":
      await tx.deleteFrom("reasons").where("kind", "=", reasonKind(kind)).where("id", "=", id).execute();
      return;
    case "agents":
    case "queues":
    case "experts":
      await tx.deleteFrom(kind).where("id", "=", id).execute();
      return;
    case "entryPoints":
      await tx.deleteFrom("entry_points").where("id", "=", id).execute();
      return;
    case "dialNumbers":
      await tx.deleteFrom("dial_numbers").where("id", "=", id).execute();
  }
}

const agentRow = ({ passwordHash, phoneHa1, ...a }: AgentRecord) => ({
  ...a,
  password_hash: passwordHash,
  phone_ha1: phoneHa1 && JSON.stringify(phoneHa1),
});

const reasonKind = (kind: "wrapUpReasons" | "idleReasons") => (kind === "idleReasons" ? "idle" : "wrap-up");

/** The position behind the last. */
async function next(tx: Db, table: Positioned): Promise<number> {
  const last = await tx
    .selectFrom(table)
    .select((e) => e.fn.max("position").as("position"))
    .executeTakeFirst();
  return (last?.position ?? -1) + 1;
}
