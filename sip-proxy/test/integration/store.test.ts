// The embedded database itself, and what is left of it after kill -9.
import { afterAll, describe, expect, it } from "@jest/globals";
import { brand, type InteractionId } from "@legwork/shared/ids";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { AuditEntry, SiteData } from "@legwork/shared/store";
import { Kysely, Migrator, PostgresDialect, sql } from "kysely";
import { migrations } from "../../dist/adapters/store/migrations.js";
import { openStore } from "../../dist/adapters/store/open-store.js";
import { PglitePool } from "../../dist/adapters/store/pglite-pool.js";
import type { Database } from "../../dist/adapters/store/schema.js";
import { SqlStore } from "../../dist/adapters/store/sql-store.js";
import { openWrapUp, storeContract, storedSite } from "../support/store-contract.js";

const folders: string[] = [];
const folder = (): string => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "legwork-store-"));
  folders.push(made);
  return made;
};
afterAll(() => folders.forEach((made) => fs.rmSync(made, { recursive: true, force: true })));

const nothing: SiteData = {
  agents: [],
  queues: [],
  entryPoints: [],
  wrapUpReasons: [],
  idleReasons: [],
  experts: [],
  dialNumbers: [],
};
const removal: AuditEntry = {
  at: 1,
  who: "bo",
  action: "removed",
  kind: "experts",
  subject: "x",
  before: null,
  after: null,
};

/** Kills the script with SIGKILL when it has acknowledged so many writes; returns how many it has acknowledged. */
async function killedAfter(wanted: number, script: string, ...args: string[]): Promise<number> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.split("\n").length > wanted) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  const acknowledged = text.trim().split("\n").length;
  expect(acknowledged).toBeGreaterThanOrEqual(wanted);
  return acknowledged;
}

/** A database as the first version left it: people and a queue, telephones' passwords only in the site file. */
async function makeOldDatabase(dir: string): Promise<void> {
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool: await PglitePool.create(dir) }) });
  const { error } = await new Migrator({ db, provider: migrations }).migrateTo("0001-first");
  expect(error).toBeUndefined();
  await sql`insert into agents values ('anna', 'Anna of old', 'agent', '2001', 'old')`.execute(db);
  await sql`insert into queues values ('old', 'Old', 0)`.execute(db);
  await sql`insert into queue_agents values ('old', 'anna')`.execute(db);
  await db.destroy();
}

storeContract("PGlite in memory", () => openStore({ kind: "memory" }));
storeContract("PGlite in a folder", () => openStore({ kind: "folder", path: folder() }));

describe("the embedded database", () => {
  it("is made by a process of its own, so that ours stays small", async () => {
    const script = fileURLToPath(new URL("../support/open-new-database.mjs", import.meta.url));
    const child = spawn(process.execPath, [script, path.join(folder(), "database")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    for await (const chunk of child.stdout) text += String(chunk);
    expect(Number(text)).toBeGreaterThan(50);
    expect(Number(text)).toBeLessThan(600); // making it takes 900 MB, and opening it half of that
  }, 180_000);

  it("is whole or not there: what was killed while it was made is thrown away", async () => {
    const dir = folder();
    const unfinished = path.join(dir, "database-unfinished-abcdef");
    fs.mkdirSync(unfinished);
    fs.writeFileSync(path.join(unfinished, "PG_VERSION"), "17");
    fs.writeFileSync(path.join(dir, "mine"), "of somebody else");
    const store = await openStore({ kind: "folder", path: path.join(dir, "database") });
    await store.appendEvent(brand("i-1"), { seq: 1, event: { type: "mediaInForce", at: 1 } });
    await store.close();
    expect(fs.readdirSync(dir).sort()).toEqual(["database", "mine"]);
    const nowhere = path.join(dir, "mine", "database");
    await expect(openStore({ kind: "folder", path: nowhere })).rejects.toThrow("EEXIST");
  }, 180_000);

  it("has every event that was acknowledged before kill -9, three times in a row", async () => {
    const dir = folder();
    const script = fileURLToPath(new URL("../support/append-until-killed.mjs", import.meta.url));
    for (const wanted of [40, 25, 10]) {
      const interaction = brand<InteractionId>(`i-killed-after-${wanted}`);
      const acknowledged = await killedAfter(wanted, script, dir, interaction);
      const store = await openStore({ kind: "folder", path: dir });
      const events = await store.events(interaction);
      expect(events.length).toBeGreaterThanOrEqual(acknowledged);
      expect(events.map((e) => e.seq)).toEqual(events.map((_, n) => n + 1));
      await store.close();
    }
  }, 180_000);

  it("[DI-1] has every change that was acknowledged before kill -9, and its audit entry", async () => {
    const dir = folder();
    const script = fileURLToPath(new URL("../support/change-until-killed.mjs", import.meta.url));
    let written = "0";
    for (const wanted of [30, 15]) {
      const acknowledged = Number(written) + (await killedAfter(wanted, script, dir, written));
      const store = await openStore({ kind: "folder", path: dir });
      const { dialNumbers } = await store.seed(nothing);
      written = dialNumbers.find((d) => d.id === "killed")!.number;
      expect(Number(written)).toBeGreaterThanOrEqual(acknowledged);
      const [last] = await store.auditLog(null, 1);
      expect(last).toMatchObject({ kind: "dialNumbers", subject: "killed", after: { number: written } });
      await store.close();
    }
  }, 180_000);

  it("[DI-1] takes up a database of the version before, with what was only in the site file then", async () => {
    const dir = folder();
    await makeOldDatabase(dir);
    const file = { ...storedSite, queues: [], entryPoints: [], wrapUpReasons: [], idleReasons: [] };
    const store = await openStore({ kind: "folder", path: dir });
    const site = await store.seed(file);
    expect(site.agents).toEqual([
      // The telephone's password, which was read from the file at every start.
      { ...storedSite.agents[0], name: "Anna of old", passwordHash: "old" },
      // Nobody could administer: who may is in the site file.
      storedSite.agents[1],
    ]);
    expect(site.queues).toEqual([{ id: "old", name: "Old", agents: ["anna"] }]);
    expect([site.experts, site.dialNumbers]).toEqual([storedSite.experts, storedSite.dialNumbers]);
    expect(await store.auditLog(null, 10)).toMatchObject([{ who: null, kind: "agents", subject: "bo" }]);
    await store.change({ op: "remove", kind: "experts", id: "ingrid" }, { ...removal, subject: "ingrid" });
    expect((await store.seed(file)).experts).toEqual([]); // once, not at every start
    await store.close();
  }, 180_000);

  it("[DI-1] refuses to change or shorten its audit log, whoever asks", async () => {
    const pool = await PglitePool.create(null);
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    const store = await SqlStore.create(pool);
    await store.audit(removal);
    const all = db.updateTable("audit").set({ subject: "another" });
    await expect(all.execute()).rejects.toThrow("append-only");
    await expect(db.deleteFrom("audit").execute()).rejects.toThrow("append-only");
    await expect(sql`truncate audit`.execute(db)).rejects.toThrow("append-only");
    expect(await store.auditLog(null, 10)).toMatchObject([removal]);
    await store.close();
  }, 180_000);

  it("[SG-5] that hangs is given up: whoever waits for it is told, and so is whoever asks later", async () => {
    const pool = await PglitePool.create(null);
    const store = await SqlStore.create(pool);
    let lost: (why: Error) => void = () => undefined;
    const told = new Promise<Error>((resolve) => {
      lost = resolve;
    });
    pool.guard(lost, 2_000);
    await store.ping();
    const connection = await pool.connect();
    const endless = Promise.resolve(connection.query("select pg_sleep(3600)", [])).finally(() => connection.release());
    const behindIt = store.ping();
    await expect(endless).rejects.toThrow("does not answer");
    await expect(behindIt).rejects.toThrow("does not answer");
    await expect(store.ping()).rejects.toThrow("does not answer");
    expect((await told).message).toContain("does not answer");
    await store.close();
  }, 180_000);

  it("[WU-1] keeps an open wrap-up over a restart", async () => {
    const dir = folder();
    const before = await openStore({ kind: "folder", path: dir });
    await before.saveWrapUp(openWrapUp("w-1", brand("i-1")));
    await before.close();
    const after = await openStore({ kind: "folder", path: dir });
    expect(await after.openWrapUps()).toEqual([openWrapUp("w-1", brand("i-1"))]);
    await after.close();
  }, 180_000);
});
