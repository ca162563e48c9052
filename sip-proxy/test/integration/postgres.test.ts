// The store on a PostgreSQL server, and what becomes of it when that server hangs or dies.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { brand, type InteractionId } from "@legwork/shared/ids";
import type { Store } from "@legwork/shared/store";
import { openStore } from "../../dist/adapters/store/open-store.js";
import { PostgresServer } from "../support/postgres-server.js";
import { storeContract } from "../support/store-contract.js";

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
}, 120_000);
afterAll(() => server.stop());

storeContract("a PostgreSQL server", () => openStore({ kind: "server", url: server.url }));

describe("a PostgreSQL server", () => {
  const interaction = brand<InteractionId>("i-over-the-end");
  let store: Store;
  beforeAll(async () => {
    store = await openStore({ kind: "server", url: server.url });
  }, 60_000);
  afterAll(() => store.close());

  const append = (seq: number) => store.appendEvent(interaction, { seq, event: { type: "mediaInForce", at: seq } });
  /** Asks until it is answered: each connection that broke meanwhile costs one refusal. */
  const again = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries++) {
      try {
        return await ask();
      } catch (error) {
        if (tries > 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const kept = async (): Promise<number[]> => (await again(() => store.events(interaction))).map((e) => e.seq);

  it("[SG-5] that hangs keeps nobody waiting, and is there again when it goes on", async () => {
    await append(1);
    server.freeze();
    const asked = await Promise.allSettled([store.ping(), store.ping(), store.events(interaction)]);
    expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    await expect(store.ping()).rejects.toThrow(); // a new connection, which nobody takes
    server.thaw();
    await again(() => append(2));
    expect(await kept()).toEqual([1, 2]);
  }, 60_000);

  it("[SG-5] that dies by kill -9 is waited for, with all that was acknowledged", async () => {
    await server.kill();
    await expect(append(3)).rejects.toThrow();
    await server.run();
    await again(() => append(3));
    expect(await kept()).toEqual([1, 2, 3]);
  }, 60_000);
});
