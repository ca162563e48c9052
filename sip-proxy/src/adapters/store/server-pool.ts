import pg from "pg";
import type { PostgresPool, PostgresPoolClient } from "kysely";

/** Limits that turn a server that hangs into an error: no call waits longer for it. Milliseconds. */
const CONNECT_MS = 3_000;
const QUERY_MS = 5_000;
/** The server gives up as well, so that nothing is done later that was reported as failed. */
const STATEMENT_MS = 4_000;
const MAX_CONNECTIONS = 10;

/** Connections to a PostgreSQL server. One that has not answered in time is given up, as it would keep whoever gets it next waiting. */
export class ServerPool implements PostgresPool {
  readonly #pool: pg.Pool;

  /** `patient`: statements may take any time. */
  constructor(url: string, { patient = false } = {}) {
    pg.types.setTypeParser(pg.types.builtins.INT8, Number); // only times in milliseconds, and ids, are bigint
    this.#pool = new pg.Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      ...(!patient && {
        query_timeout: QUERY_MS,
        statement_timeout: STATEMENT_MS,
        idle_in_transaction_session_timeout: QUERY_MS,
      }),
    });
    // An idle connection that breaks is replaced by the next query, which says so if it cannot; unheard, the event would end the process.
    this.#pool.on("error", () => undefined);
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect();
    let broken = false;
    const query = async (sql: string, parameters: readonly unknown[]): Promise<object> => {
      try {
        return await client.query(sql, [...parameters]);
      } catch (error) {
        broken ||= !(error instanceof pg.DatabaseError); // not refused by the server: the connection itself, or no answer
        throw error;
      }
    };
    return { query: query as PostgresPoolClient["query"], release: () => client.release(broken) };
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}
