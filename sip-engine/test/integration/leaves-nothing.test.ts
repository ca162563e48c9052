import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { until } from "../support/engine.js";
import { WITH_SDP } from "../support/frame-client.js";
import { calledBy, calling, hangUp, nextOf, World } from "../support/world.js";

const ROUNDS = 3;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

let world: World;

beforeEach(async () => {
  world = await World.start();
});
afterEach(() => world.stop());

/** Everything that the engine has had at the moments when it was looked at; only the engine holds it. */
class Seen {
  readonly #known = new WeakSet<object>();
  readonly #seen: WeakRef<object>[] = [];

  look(): void {
    const { dialogs, transactions } = world.engine.server.engine.context;
    for (const one of [...dialogs.all, ...transactions.clients, ...transactions.servers]) {
      if (this.#known.has(one)) continue;
      this.#known.add(one);
      this.#seen.push(new WeakRef(one));
    }
  }

  get count(): number {
    return this.#seen.length;
  }

  /** Waits until none of it is held by anything, a map, a timer or a listener: asking for ICMP errors ends a second after the last packet. */
  async gone(): Promise<void> {
    let held: readonly string[] = [];
    const collected = (): boolean => {
      collectGarbage();
      held = this.#seen.flatMap((one) => one.deref()?.constructor.name ?? []);
      return held.length === 0;
    };
    await until(collected, () => `held: ${held.join(", ")}`);
  }
}

describe("memory", () => {
  it("holds nothing of calls that are over, however they ended, nor of connections that are closed", async () => {
    const seen = new Seen();
    const app = await world.app("invite", "bye", "cancel", "register");
    for (let round = 0; round < ROUNDS; round++) {
      for (const phone of [await world.peer(), await world.tcpPeer(), await world.wsPeer()]) {
        const call = await calledBy(phone, app);
        seen.look();
        await hangUp(call);

        const cancelled = phone.request("INVITE");
        const { tokens } = await nextOf(app, cancelled);
        await app.respond(tokens[8]!, "180 Ringing");
        await phone.next("180 INVITE");
        seen.look();
        phone.cancel(cancelled);
        phone.ackRefusal(cancelled, await phone.next("487 INVITE"));

        const refused = phone.request("INVITE");
        await app.respond((await nextOf(app, refused)).tokens[8]!, "486 Busy Here");
        phone.ackRefusal(refused, await phone.next("486 INVITE"));

        await app.respond((await nextOf(app, phone.request("REGISTER"))).tokens[8]!, "200 OK");
        await phone.next("200 REGISTER");
      }
      const callee = await world.peer();
      await hangUp(await calling(app, callee));
      await app.request(`INVITE sip:bob@${callee.address}`, WITH_SDP);
      callee.respond(await callee.next("INVITE"), "486 Busy Here");
      await app.next("486 INVITE");
      await app.request(`OPTIONS sip:bob@${callee.address}`); // never answered
      seen.look();
    }
    await world.engine.idle();
    await world.clear();
    await until(() => (world.engine.server.dump()["connections"] as readonly unknown[]).length === 0, "connections");
    expect(seen.count).toBeGreaterThan(15 * ROUNDS);
    await seen.gone();
  });
});
