/** PGlite blocks the thread it runs on, so it has one of its own. One statement at a time, in order of arrival. */
import { parentPort, workerData } from "node:worker_threads";
import { PGlite, types } from "@electric-sql/pglite";

export interface Statement {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type StatementOutcome =
  | { readonly id: number; readonly rows: unknown[]; readonly affectedRows: number }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string | null } };

const port = parentPort;
if (!port) throw new Error("pglite-worker runs as a worker thread only");

const { dataDir } = workerData as { dataDir: string | null };
// int8 as number: the only bigint columns are times in milliseconds.
const db = await PGlite.create({ ...(dataDir && { dataDir }), parsers: { [types.INT8]: Number } });

port.on("message", (message: Statement | "close") => {
  if (message === "close") {
    void db.close().then(() => port.close());
    return;
  }
  void run(message).then((outcome) => port.postMessage(outcome));
});
port.postMessage("ready");

async function run({ id, sql, parameters }: Statement): Promise<StatementOutcome> {
  try {
    const { rows, affectedRows } = await db.query(sql, [...parameters]);
    return { id, rows, affectedRows: affectedRows ?? 0 };
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    return { id, error: { message: message ?? String(error), code: code ?? null } };
  }
}
