import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/engine.js";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import type { FrameClient } from "../support/frame-client.js";
import type { Peer, WsPeer } from "../support/peer.js";
import { portOf, TcpPeer, tcpServer } from "../support/peer.js";
import type { Sip } from "../support/sip.js";
import { calledBy, fromPeer, hangUp, nextOf, World } from "../support/world.js";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

/** Registers a Contact for some seconds with an app that grants it. */
async function register(phone: Peer, app: FrameClient, expires: number, contact = phone.contact): Promise<Sip> {
  const request = phone.request("REGISTER", { contact: `${contact};expires=${expires}` });
  const { tokens } = await nextOf(app, request);
  await app.respond(tokens[8]!, "200 OK", { headers: [`Contact: ${contact};expires=${expires}`] });
  return phone.next("200 REGISTER");
}

async function gone(phone: WsPeer | TcpPeer): Promise<void> {
  const count = (): number => (world.engine.server.dump()["connections"] as unknown[]).length;
  const before = count();
  phone.close();
  await until(() => count() < before, "the connection is still there");
}

describe("connections", () => {
  it("C18 answers on the connection a request came by, whatever its Via says", async () => {
    const app = await world.app("options");
    for (const phone of [await world.tcpPeer(), await world.wsPeer()]) {
      const text = phone.write("OPTIONS").text.replace(phone.address, "192.0.2.1:5060");
      phone.transmit(text);
      const { tokens, sip } = await app.next("OPTIONS");
      expect(sip.header("Via")).toContain(";received=127.0.0.1");
      await app.respond(tokens[8]!, "200 OK");
      await phone.next("200 OPTIONS");
    }
  });

  it("C18 answers CRLFCRLF with CRLF on TCP, and with a text message on WebSocket", async () => {
    const [tcp, ws] = [await world.tcpPeer(), await world.wsPeer()];
    tcp.transmit("\r\n\r\n");
    ws.transmit("\r\n\r\n");
    await Promise.all([tcp.fence(), ws.fence()]);
    expect(tcp.pongs).toBe(1);
    expect(ws.texts[0]).toBe("\r\n");
  });

  it("C18 cuts messages out of a TCP stream wherever it is split, and takes two at once", async () => {
    const [app, phone] = [await world.app("message"), await world.tcpPeer()];
    phone.socket.setNoDelay(true);
    const parts = { headers: ["Content-Type: text/plain"], body: "tøys\r\n\r\nOPTIONS" };
    const [slow, first, second] = [0, 1, 2].map(() => phone.write("MESSAGE", parts)) as [Sip, Sip, Sip];
    for (const byte of Buffer.from(slow.text)) {
      await new Promise((resolve) => phone.socket.write(Buffer.from([byte]), resolve));
    }
    phone.transmit(first.text + second.text);
    for (const request of [slow, first, second]) {
      const { tokens, sip } = await nextOf(app, request);
      expect(sip.body).toBe(parts.body);
      await app.respond(tokens[8]!, "200 OK");
      await phone.next("200 MESSAGE");
    }
  });

  it("C18 asks for subprotocol sip on WebSocket and answers with it", async () => {
    const phone = await world.wsPeer();
    expect(phone.socket.protocol).toBe("sip");
  });

  it("C18 uses one connection for all requests to a TCP peer, with a TCP Via and Contact", async () => {
    const server = world.keep(await tcpServer());
    const app = await world.app();
    const accepting = TcpPeer.accept(server);
    let connections = 0;
    server.on("connection", () => connections++);
    const target = `sip:bob@127.0.0.1:${portOf(server)};transport=tcp`;
    const asking = app.request(`INVITE ${target}`, WITH_SDP);
    const phone = world.keep(await accepting);
    const [host, port] = phone.address.split(":");
    const echo = await asking;
    expect(echo.tokens.slice(6, 9)).toEqual(["tcp", host, port]);
    const invite = await phone.next("INVITE");
    expect(invite.header("Via")).toMatch(new RegExp(`^SIP/2.0/TCP 127.0.0.1:${world.port("tcp")};branch=`));
    expect(invite.header("Contact")).toBe(`<sip:127.0.0.1:${world.port("tcp")};transport=tcp>`);
    phone.respond(invite, "486 Busy Here");
    expect((await app.next("486 INVITE")).tokens.slice(4, 7)).toEqual(["tcp", host, port]);
    await phone.next("ACK");
    for (let i = 0; i < 2; i++) {
      await app.request(`OPTIONS ${target}`);
      phone.respond(await phone.next("OPTIONS"), "200 OK");
      await app.next("200 OPTIONS");
    }
    expect(connections).toBe(1);
  });

  it("C18 keeps a TCP dialog on its connection; when that is closed, a new one to the Contact is tried", async () => {
    const server = world.keep(await tcpServer());
    const [app, phone] = [await world.app("invite"), await world.tcpPeer()];
    const contact = `<sip:x@127.0.0.1:${portOf(server)};transport=tcp>`;
    const call = await calledBy(phone, app, { contact });
    await app.inDialog(call.dialogId, "INFO");
    phone.respond(await phone.next("INFO"), "200 OK");
    await app.next("200 INFO");
    await gone(phone);
    const accepting = TcpPeer.accept(server);
    const asking = app.inDialog(call.dialogId, "INFO");
    const back = world.keep(await accepting);
    await asking;
    back.respond(await back.next("INFO"), "200 OK");
    await app.next("200 INFO");
    await hangUp({ ...call, peer: back });
  });

  it("C18 says NOK to an answer whose connection is closed", async () => {
    const app = await world.app("invite");
    for (const phone of [await world.tcpPeer(), await world.wsPeer()]) {
      const { tokens } = await nextOf(app, phone.request("INVITE"));
      await gone(phone);
      expect(verdict(await app.respond(tokens[8]!, "200 OK", WITH_SDP))).toBe(
        "NOK|transport for response has been shutdown or closed",
      );
    }
  });
});

describe("registered connections", () => {
  it("C18 a request to a registered Contact takes the connection it was registered by", async () => {
    const app = await world.app("register");
    for (const phone of [await world.tcpPeer(), await world.wsPeer()]) {
      await register(phone, app, 600);
      for (const method of ["INVITE", "OPTIONS", "NOTIFY", "MESSAGE"]) {
        await app.request(`${method} ${/<(.*)>/.exec(phone.contact)![1]}`);
        const request = await phone.next(method);
        const listening = phone.transport === "WS" ? world.port("ws") : world.port("tcp");
        const via = `SIP/2.0/${phone.transport} 127.0.0.1:${listening};branch=`;
        expect(request.header("Via").startsWith(via)).toBe(true);
        const contact = `<sip:127.0.0.1:${listening};transport=${phone.transport.toLowerCase()}>`;
        expect(request.all("Contact")).toEqual(method === "INVITE" ? [contact] : []);
        phone.respond(request, "480 Temporarily Unavailable");
        expect((await app.next(`480 ${method}`)).tokens[4]).toBe("tcp");
      }
    }
  });

  it("C11 C18 E20 a WebSocket that is gone: 410 at once, outside dialogs, for requests under way, and inside dialogs", async () => {
    const [app, phone] = [await world.app("register", "invite"), await world.wsPeer()];
    await register(phone, app, 600);
    const target = /<(.*)>/.exec(phone.contact)![1];
    const call = await calledBy(phone, app);
    const waiting = await app.request(`INVITE ${target}`);
    await phone.next("INVITE");
    await gone(phone);
    const lost = await app.next("410 INVITE");
    expect(lost.tokens.slice(5, 7)).toEqual(["", "0"]);
    expect([lost.tokens[8], lost.sip.startLine]).toEqual([waiting.tokens[10], "SIP/2.0 410 Gone"]);
    await app.request(`OPTIONS ${target}`);
    await app.next("410 OPTIONS");
    await app.inDialog(call.dialogId, "INFO");
    await app.next("410 INFO");
    await app.inDialog(call.dialogId, "BYE");
    await app.next("410 BYE");
    expect(world.engine.counts()["dialogs"]).toBe(0);
  });

  it("C18 E20 a browser that comes back on a new connection and registers takes its call along", async () => {
    const [app, phone] = [await world.app("register", "invite"), await world.wsPeer()];
    await register(phone, app, 600);
    const call = await calledBy(phone, app);
    await gone(phone);
    const back = await world.wsPeer();
    await register(back, app, 600, phone.contact);
    await app.inDialog(call.dialogId, "INFO");
    back.respond(await back.next("INFO"), "200 OK");
    await app.next("200 INFO");
    await hangUp({ ...call, peer: back });
  });

  it("C18 E20 a browser that comes back and only goes on with its call is followed as well", async () => {
    const [app, phone] = [await world.app("invite"), await world.wsPeer()];
    const call = await calledBy(phone, app);
    await gone(phone);
    const moved = { ...call, peer: await world.wsPeer() };
    const again = fromPeer(moved, "INVITE", 2, WITH_SDP);
    await app.respond((await nextOf(app, again)).tokens[8]!, "200 OK", WITH_SDP);
    await moved.peer.next("200 INVITE");
    fromPeer(moved, "ACK", 2);
    await app.next("ACK");
    await app.inDialog(call.dialogId, "INFO");
    moved.peer.respond(await moved.peer.next("INFO"), "200 OK");
    await app.next("200 INFO");
    await hangUp(moved);
  });

  it("C18 learns the way from Expires in the 200 and from SUBSCRIBE, too, and forgets it when the app says 0", async () => {
    const [app, phone] = [await world.app("register", "subscribe"), await world.wsPeer()];
    const target = /<(.*)>/.exec(phone.contact)![1];
    const grant = async (method: string, expires: number): Promise<void> => {
      const headers = ["Event: presence"];
      const { tokens } = await nextOf(app, phone.request(method, { headers }));
      await app.respond(tokens[8]!, "200 OK", { headers: [`Expires: ${expires}`] });
      await phone.next(`200 ${method}`);
    };
    for (const method of ["REGISTER", "SUBSCRIBE"]) {
      await grant(method, 600);
      await app.request(`OPTIONS ${target}`);
      phone.respond(await phone.next("OPTIONS"), "200 OK");
      await app.next("200 OPTIONS");
      await grant(method, 0);
      await app.request(`OPTIONS ${target}`);
      await app.next("410 OPTIONS");
    }
    const ended = { headers: ["Event: presence", "Subscription-State: terminated"] };
    for (const { item } of phone.inbox.all.filter(({ item }) => item.what === "200 SUBSCRIBE")) {
      await app.inDialog(item.dialogId, "NOTIFY", ended);
      phone.respond(await phone.next("NOTIFY"), "200 OK");
      await app.next("200 NOTIFY");
    }
  });

  it("C18 forgets a registration that is taken back or has run out", async () => {
    const [app, phone] = [await world.app("register"), await world.wsPeer()];
    const target = /<(.*)>/.exec(phone.contact)![1];
    const flows = (): number => {
      const { flows } = JSON.parse(JSON.stringify(world.engine.server.dump())) as { flows: { address: string }[] };
      return flows.filter(({ address }) => address.includes(phone.name)).length;
    };
    await register(phone, app, 600);
    await register(phone, app, 0);
    await app.request(`OPTIONS ${target}`);
    await app.next("410 OPTIONS");
    await register(phone, app, 1);
    expect(flows()).toBe(1);
    await until(() => flows() === 0, "the registration is still there");
    await app.request(`OPTIONS ${target}`);
    await app.next("410 OPTIONS");
    expect(phone.inbox.log).not.toContain("OPTIONS");
  });
});
