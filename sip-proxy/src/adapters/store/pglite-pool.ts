import { Worker } from "node:worker_threads";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import type { Statement, StatementOutcome } from "./pglite-worker.js";

interface Waiting {
  readonly resolve: (outcome: { rows: unknown[]; affectedRows: number }) => void;
  readonly reject: (error: Error) => void;
}

/** A statement that takes longer than this will not end any more. */
const STATEMENT_MS = 30_000;

/** PGlite in its thread, in the shape of a pg pool of one connection: the same dialect and the same queries serve both. */
export class PglitePool implements PostgresPool {
  #next = 1;
  readonly #waiting = new Map<number, Waiting>();
  /** Resolves when the one connection is free. */
  #free: Promise<void> = Promise.resolve();
  /** Why nothing is answered any more. */
  #over: Error | null = null;
  #closing = false;
  #limitMs: number | null = null;
  #lost: (why: Error) => void = () => undefined;

  private constructor(private readonly worker: Worker) {
    worker.on("message", (outcome: StatementOutcome) => this.#settle(outcome));
    worker.on("error", (error) => this.#end(error));
    worker.on("exit", () => this.#end(new Error("the database thread has ended")));
  }

  /** `dataDir` null keeps everything in memory. */
  static async create(dataDir: string | null): Promise<PglitePool> {
    const worker = new Worker(new URL("./pglite-worker.js", import.meta.url), { workerData: { dataDir } });
    await new Promise<void>((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
    });
    return new PglitePool(worker);
  }

  /**
   * From now on a statement that is not answered in time takes the thread down, and `lost` is called when the thread has ended unasked: it
   * cannot be started again in this process. Until then a statement may take any time, as migrations do.
   */
  guard(lost: (why: Error) => void, statementMs = STATEMENT_MS): void {
    this.#lost = lost;
    this.#limitMs = statementMs;
  }

  async connect(): Promise<PostgresPoolClient> {
    const before = this.#free;
    let release = (): void => undefined;
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return { query: this.#query as PostgresPoolClient["query"], release };
  }

  async end(): Promise<void> {
    await this.#free;
    if (this.#over) return;
    this.#closing = true;
    const ended = new Promise((resolve) => this.worker.once("exit", resolve));
    this.worker.postMessage("close");
    await ended;
  }

  readonly #query = async (sql: string, parameters: readonly unknown[]): Promise<object> => {
    if (this.#over) throw this.#over;
    const id = this.#next++;
    const late =
      this.#limitMs === null
        ? undefined
        : setTimeout(() => this.#hangs(new Error("the database does not answer")), this.#limitMs);
    const { rows, affectedRows } = await new Promise<{ rows: unknown[]; affectedRows: number }>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, sql, parameters } satisfies Statement);
    }).finally(() => clearTimeout(late));
    const command = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "";
    return { command, rowCount: command === "SELECT" ? rows.length : affectedRows, rows };
  };

  #settle(outcome: StatementOutcome): void {
    const waiting = this.#waiting.get(outcome.id);
    this.#waiting.delete(outcome.id);
    if ("error" in outcome)
      waiting?.reject(Object.assign(new Error(outcome.error.message), { code: outcome.error.code }));
    else waiting?.resolve(outcome);
  }

  #hangs(why: Error): void {
    this.#end(why);
    void this.worker.terminate();
  }

  #end(why: Error): void {
    if (this.#over) return;
    this.#over = why;
    for (const { reject } of this.#waiting.values()) reject(why);
    this.#waiting.clear();
    if (!this.#closing) this.#lost(why);
  }
}
