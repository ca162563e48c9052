import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import { selfSigned } from "../support/certificate.js";
import type { Certificate } from "../support/certificate.js";
import { WITH_SDP } from "../support/frame-client.js";
import { portOf, TcpPeer, WsPeer } from "../support/peer.js";
import { calledBy, hangUp, nextOf, World } from "../support/world.js";

let certificate: Certificate;
let world: World;

beforeAll(async () => {
  certificate = selfSigned();
  const { key, cert } = certificate;
  const listeners = ["--sip", "tls:127.0.0.1:0", "--sip", "wss:127.0.0.1:0"];
  world = await World.start(...listeners, "--tls-cert", cert, "--tls-key", key, "--tls-verify", "false");
});
afterEach(() => world.clear());
afterAll(async () => {
  await world.stop();
  certificate.remove();
});

describe("encrypted connections", () => {
  it("C18 carry calls over TLS and secure WebSocket, with a sips: Contact", async () => {
    const app = await world.app("invite", "options");
    const [tls, wss] = [world.engine.port("tls"), world.engine.port("wss")];
    for (const [phone, port] of [
      [world.keep(await TcpPeer.openTls(tls)), tls],
      [world.keep(await WsPeer.open(wss, "wss")), wss],
    ] as const) {
      const call = await calledBy(phone, app);
      expect(call.answer.header("Contact")).toBe(`<sips:127.0.0.1:${port};transport=${phone.transport.toLowerCase()}>`);
      await app.inDialog(call.dialogId, "INFO");
      const info = await phone.next("INFO");
      expect(info.header("Via")).toMatch(new RegExp(`^SIP/2.0/${phone.transport} 127.0.0.1:${port};branch=`));
      phone.respond(info, "200 OK");
      await app.next("200 INFO");
      await hangUp(call);
    }
  });

  it("C4 C18 name TLS tls and secure WebSocket tcp", async () => {
    const app = await world.app("options");
    const [tls, wss] = [world.engine.port("tls"), world.engine.port("wss")];
    for (const [phone, name, port] of [
      [world.keep(await TcpPeer.openTls(tls)), "tls", tls],
      [world.keep(await WsPeer.open(wss, "wss")), "tcp", wss],
    ] as const) {
      const { tokens } = await nextOf(app, phone.request("OPTIONS"));
      await app.respond(tokens[8]!, "200 OK");
      await phone.next("200 OPTIONS");
      expect([tokens[4], ...tokens.slice(9)]).toEqual([name, "", "127.0.0.1", String(port), ""]);
    }
  });

  it("C10 E18 sips: goes out over TLS with a TLS Via and a sips: Contact", async () => {
    const app = await world.app();
    const credentials = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
    const server = world.keep(createServer(credentials));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const connecting = once(server, "secureConnection");
    const asking = app.request(`INVITE sips:bob@127.0.0.1:${portOf(server)}`, WITH_SDP);
    const [socket] = (await connecting) as [TLSSocket];
    const phone = world.keep(new TcpPeer(socket, `127.0.0.1:${portOf(server)}`, "TLS"));
    const echo = await asking;
    expect(echo.tokens[6]).toBe("tls");
    const invite = await phone.next("INVITE");
    const ours = `127.0.0.1:${world.engine.port("tls")}`;
    expect(invite.header("Via")).toMatch(new RegExp(`^SIP/2.0/TLS ${ours};branch=`));
    expect(invite.header("Contact")).toBe(`<sips:${ours};transport=tls>`);
    phone.respond(invite, "486 Busy Here");
    expect((await app.next("486 INVITE")).tokens[4]).toBe("tls");
    await phone.next("ACK");
  });
});
