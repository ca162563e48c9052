import type { Store } from "@legwork/shared/store";
import { makeDatabaseFolder } from "./database-folder.js";
import { PglitePool } from "./pglite-pool.js";
import { ServerPool } from "./server-pool.js";
import { SqlStore } from "./sql-store.js";

/** Where the site's data lives: a folder of ours, a PostgreSQL server, or nowhere. */
export type StoreLocation =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "server"; readonly url: string }
  | { readonly kind: "memory" };

/**
 * Brings the schema up to date first; rejects when it cannot. `lost` is called when the embedded database has ended, or hangs: it comes back
 * only with a new process. A server's is waited for.
 */
export async function openStore(location: StoreLocation, lost: (why: Error) => void = () => undefined): Promise<Store> {
  switch (location.kind) {
    case "folder":
      await makeDatabaseFolder(location.path);
      return embedded(location.path, lost);
    case "memory":
      return embedded(null, lost);
    case "server":
      return onServer(location.url);
  }
}

async function embedded(path: string | null, lost: (why: Error) => void): Promise<Store> {
  const pool = await PglitePool.create(path);
  const store = await SqlStore.create(pool);
  pool.guard(lost);
  return store;
}

async function onServer(url: string): Promise<Store> {
  const patient = await SqlStore.create(new ServerPool(url, { patient: true })); // a migration of much data takes its time
  await patient.close();
  return SqlStore.create(new ServerPool(url));
}
