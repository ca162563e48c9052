import pg from "pg";
import type { Store } from "@legwork/shared/store";
import { makeDatabaseFolder } from "./database-folder.js";
import { PglitePool } from "./pglite-pool.js";
import { SqlStore } from "./sql-store.js";

/** Where the site's data lives: a folder of ours, a PostgreSQL server, or nowhere. */
export type StoreLocation =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "server"; readonly url: string }
  | { readonly kind: "memory" };

export async function openStore(location: StoreLocation): Promise<Store> {
  switch (location.kind) {
    case "folder":
      await makeDatabaseFolder(location.path);
      return SqlStore.create(await PglitePool.create(location.path));
    case "memory":
      return SqlStore.create(await PglitePool.create(null));
    case "server":
      return SqlStore.create(serverPool(location.url));
  }
}

function serverPool(url: string): pg.Pool {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url });
  // An idle connection that breaks is replaced by the next query, which says so if it cannot; unheard, the event would end the process.
  pool.on("error", () => undefined);
  return pool;
}
