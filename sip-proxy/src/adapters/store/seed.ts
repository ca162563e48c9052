import type { Kysely } from "kysely";
import type { SiteChange, SiteData, SiteKind } from "@legwork/shared/store";
import type { Database } from "./schema.js";
import { writeChange } from "./site-tables.js";

type Db = Kysely<Database>;

/** A site file's parts. The first is all that databases had in the beginning; each later one came with a newer version. */
const PARTS = ["site", "phone-passwords", "experts", "dial-numbers"] as const;

/** Order matters: queues name agents, entry points name queues. */
const FIRST_PART: readonly SiteKind[] = ["agents", "queues", "entryPoints", "wrapUpReasons", "idleReasons"];

/** Puts in what was never put in. All or nothing, within a transaction of the caller: a half-seeded site would never be completed. */
export async function seedParts(tx: Db, site: SiteData): Promise<void> {
  const rows = await tx.selectFrom("seeded").select("part").execute();
  const known = new Set(rows.map((r) => r.part));
  for (const part of PARTS.filter((p) => !known.has(p))) {
    if (part === "site") for (const kind of FIRST_PART) await putAll(tx, site, kind);
    if (part === "phone-passwords") await putPhonePasswords(tx, site);
    if (part === "experts") await putAll(tx, site, "experts");
    if (part === "dial-numbers") await putAll(tx, site, "dialNumbers");
    await tx.insertInto("seeded").values({ part }).execute();
  }
}

/** When nobody may administer, those the site file names may: this is also the way back in. Returns their ids. */
export async function seedAdministrators(tx: Db, site: SiteData): Promise<readonly string[]> {
  const admin = await tx
    .selectFrom("agents")
    .select("id")
    .where("role", "=", "admin")
    .where("disabled", "=", false)
    .limit(1)
    .execute();
  if (admin.length > 0) return [];
  const named = site.agents.filter((a) => a.role === "admin");
  for (const record of named) {
    const taken = await tx
      .selectFrom("agents")
      .select("id")
      .where("extension", "=", record.extension)
      .where("id", "!=", record.id)
      .execute();
    // An extension that is somebody else's by now stays theirs.
    const own = taken.length > 0 ? { extension: null, phoneHa1: null } : {};
    await writeChange(tx, { op: "put", kind: "agents", record: { ...record, ...own } });
  }
  return named.map((a) => a.id);
}

async function putAll(tx: Db, site: SiteData, kind: SiteKind): Promise<void> {
  for (const record of site[kind]) await writeChange(tx, { op: "put", kind, record } as SiteChange);
}

/** Telephones' passwords were read from the file at every start before they were kept here. */
async function putPhonePasswords(tx: Db, site: SiteData): Promise<void> {
  for (const { id, extension, phoneHa1 } of site.agents) {
    if (!phoneHa1) continue;
    await tx
      .updateTable("agents")
      .set({ phone_ha1: JSON.stringify(phoneHa1) })
      .where("id", "=", id)
      .where("extension", "=", extension)
      .where("phone_ha1", "is", null)
      .execute();
  }
}
