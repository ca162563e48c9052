import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/engine.js";
import type { FrameClient } from "../support/frame-client.js";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import { calledBy, calling, fromPeer, hangUp, nextOf, World } from "../support/world.js";

const UNKNOWN = "NOK|Response not sent due to unknown transaction";
let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

const gone = async (app: FrameClient): Promise<void> => {
  const before = world.engine.apps().length;
  app.close();
  await until(() => world.engine.apps().length < before, "the app is still connected");
};

describe("apps that keep silent", () => {
  it("C23 an INVITE nobody answers gets 480 after 128·T1, another request 500 after 64·T1; what the app says later is NOK", async () => {
    const [app, phone] = [await world.app("invite", "message"), await world.peer()];
    const [invite, message] = [phone.request("INVITE"), phone.request("MESSAGE")];
    const [first, second] = [await nextOf(app, invite), await nextOf(app, message)];
    await phone.next("500 MESSAGE");
    expect(phone.inbox.log).not.toContain("480 INVITE");
    phone.ackRefusal(invite, await phone.next("480 INVITE"));
    for (const { tokens } of [first, second])
      expect(verdict(await app.respond(tokens[8]!, "200 OK", WITH_SDP))).toBe(UNKNOWN);
  });

  it("C23 a call that rings is left ringing for as long as the app likes", async () => {
    const [app, phone] = [await world.app("invite", "message"), await world.peer()];
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "180 Ringing");
    const [silent, other] = [phone.request("INVITE"), await world.peer()];
    await nextOf(app, silent);
    phone.ackRefusal(silent, await phone.next("480 INVITE"));
    await other.fence();
    expect(verdict(await app.respond(tokens[8]!, "486 Busy Here"))).toBe("OK");
    phone.ackRefusal(invite, await phone.next("486 INVITE"));
  });

  it("C23 requests in a dialog nobody answers get 500, BYE as well, and the dialog has gone with the BYE", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    for (const [n, method] of ["INFO", "INVITE", "BYE"].entries()) {
      const request = fromPeer(call, method, 2 + n);
      const { tokens } = await nextOf(app, request);
      const refusal = await phone.inbox.next(
        ({ branch, status }) => branch === request.branch && status > 100,
        "refusal",
      );
      expect(refusal.status).toBe(500);
      if (method === "INVITE") phone.ackRefusal(request, refusal);
      expect(verdict(await app.respond(tokens[8]!, "200 OK"))).toBe(UNKNOWN);
    }
    expect(world.engine.counts()["dialogs"]).toBe(0);
  });
});

describe("apps that go", () => {
  it("C23 E3 what an app has not answered gets 503: new requests, ringing calls, requests in dialogs", async () => {
    const [app, phone] = [await world.app("invite", "message"), await world.peer()];
    const call = await calledBy(phone, app);
    const [silent, ringing] = [phone.request("INVITE"), phone.request("INVITE")];
    await nextOf(app, silent);
    await app.respond((await nextOf(app, ringing)).tokens[8]!, "180 Ringing");
    await nextOf(app, phone.request("MESSAGE"));
    await nextOf(app, fromPeer(call, "INFO", 2));
    await gone(app);
    for (const invite of [silent, ringing]) {
      const refusal = await phone.inbox.next(({ branch, status }) => branch === invite.branch && status >= 300, "503");
      expect(refusal.what).toBe("503 INVITE");
      phone.ackRefusal(invite, refusal);
    }
    await phone.next("503 MESSAGE");
    await phone.next("503 INFO");
    fromPeer(call, "BYE", 3);
    await phone.next("481 BYE");
  });

  it("C23 E3 an app that ends its side while frames wait for it is let go at once and sent no more of them", async () => {
    const [app, phone] = [await world.app("message"), await world.tcpPeer()];
    app.socket.pause();
    const parts = { headers: ["Content-Type: text/plain"], body: "x".repeat(200_000) };
    for (let i = 0; i < 100; i++) phone.request("MESSAGE", parts);
    await phone.fence();
    app.socket.end();
    await until(() => world.engine.apps().length === 0, "the app is still connected");
    await phone.next("503 MESSAGE");
    app.socket.resume();
    await app.closed;
    expect(app.inbox.log.filter((what) => what === "MESSAGE").length).toBeLessThan(100);
  });

  it("C23 E3 an app that reads nothing is dropped when 64 MB wait for it; another one is served meanwhile", async () => {
    const [stuck, phone] = [await world.app("message"), await world.tcpPeer()];
    const other = await world.app("options");
    stuck.socket.pause();
    const parts = { headers: ["Content-Type: text/plain"], body: "x".repeat(1_900_000) };
    for (let i = 0; world.engine.apps().length === 2; i++) {
      expect(i).toBeLessThan(100);
      const asked = nextOf(other, (phone.request("MESSAGE", parts), phone.request("OPTIONS")));
      await other.respond((await asked).tokens[8]!, "200 OK");
    }
    await phone.next("503 MESSAGE");
  });

  it("C23 E3 a callee that answers an app that is gone is acknowledged and hung up on; other responses are dropped", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    await app.request(`OPTIONS sip:bob@${phone.address}`);
    const [invite, options] = [await phone.next("INVITE"), await phone.next("OPTIONS")];
    phone.respond(invite, "180 Ringing");
    await app.next("180 INVITE");
    await gone(app);
    phone.respond(options, "200 OK");
    phone.respond(invite, "200 OK", WITH_SDP);
    expect((await phone.next("ACK")).cseq).toBe(invite.cseq);
    phone.respond(await phone.next("BYE"), "200 OK");
    expect(world.engine.counts()["dialogs"]).toBe(0);
  });

  it("C23 E2 E3 an app that reconnects and routes again is served anew, but has no hold on its old calls", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    await gone(app);
    const refused = phone.request("INVITE");
    phone.ackRefusal(refused, await phone.next("503 INVITE"));
    const back = await world.app("invite", "invite");
    expect(verdict(await back.inDialog(call.dialogId, "BYE"))).toMatch(/^NOK\|.*unable to find dialog/);
    fromPeer(call, "INFO", 2);
    await phone.next("481 INFO");
    const next = await calledBy(phone, back);
    await hangUp(next);
    fromPeer(call, "BYE", 3);
    await phone.next("481 BYE");
  });

  it("C23 E3 BYE and CANCEL to the calls of an app that goes, where the engine is told so", async () => {
    const strict = await World.start("--orphaned-calls", "end");
    const [app, answered, ringing] = [await strict.app(), await strict.peer(), await strict.peer()];
    await calling(app, answered);
    await app.request(`INVITE sip:bob@${ringing.address}`, WITH_SDP);
    const invite = await ringing.next("INVITE");
    ringing.respond(invite, "180 Ringing");
    await app.next("180 INVITE");
    app.close();
    answered.respond(await answered.next("BYE"), "200 OK");
    ringing.respond(await ringing.next("CANCEL"), "200 OK");
    ringing.respond(invite, "487 Request Terminated");
    await ringing.next("ACK");
    await strict.clear();
    await strict.stop();
  });
});
