import { afterEach, describe, expect, it } from "@jest/globals";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { TestEngine, until } from "../support/engine.js";
import { WsPeer } from "../support/peer.js";
import type { SrfApp, SrfDialog, SrfRequest } from "../support/srf.js";
import { TcpPeer, UdpPeer, request, valueOf } from "../support/wire.js";

const SDP = "v=0\r\no=app 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";

let engine: TestEngine;
let srf: SrfApp;
const open: { close(): unknown }[] = [];

async function start(...options: string[]): Promise<void> {
  engine = await TestEngine.alone(...options);
  srf = await engine.app();
}
async function udp(host = "127.0.0.1"): Promise<UdpPeer> {
  const peer = await UdpPeer.open(host);
  open.push(peer.socket);
  return peer;
}
async function tcp(port: number): Promise<TcpPeer> {
  const peer = await TcpPeer.open(port);
  open.push({ close: () => peer.socket.destroy() });
  return peer;
}
const places = (): { transport: string; host: string; port: number }[] =>
  engine.server.addresses.sip.split(",").map((text) => {
    const [, transport = "", host = "", port] = /^(\w+)\/(.*):(\d+)$/.exec(text) ?? [];
    return { transport, host, port: Number(port) };
  });

afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await engine.stop();
});

describe("several listeners of one transport", () => {
  it("each call is answered, and hung up, from the one it came to", async () => {
    await start("--sip", "udp:127.0.0.1:0", "--sip", "udp:127.0.0.2:0", "--sip", "udp:127.0.0.1:0");
    const dialogs: SrfDialog[] = [];
    const asked: SrfRequest[] = [];
    srf.invite((req, res) => {
      asked.push(req);
      void srf.createUAS(req, res, { localSdp: SDP }).then((dialog) => dialogs.push(dialog));
    });
    await engine.routed("invite");
    for (const [index, { host, port }] of places().entries()) {
      const caller = await udp();
      const from: string[] = [];
      caller.socket.on("message", (_datagram, { address, port: source }) => from.push(`${address}:${source}`));
      const via = `UDP 127.0.0.1:${caller.port}`;
      caller.send(request("INVITE", `l${index}`, via, `Contact: <sip:caller@127.0.0.1:${caller.port}>`), port, host);
      const ok = await caller.next("SIP/2.0 200");
      expect(valueOf(ok.text, "Contact")).toBe(`<sip:${host}:${port}>`);
      caller.send(request("ACK", `l${index}`, via, `To: ${valueOf(ok.text, "To")}`, "CSeq: 1 ACK"), port, host);
      await until(() => dialogs.length === index + 1, "no dialog");
      void dialogs[index]!.destroy();
      const bye = await caller.next("BYE ");
      bye.reply("200 OK");
      expect(valueOf(bye.text, "Via")).toContain(`${host}:${port};`);
      expect(new Set(from)).toEqual(new Set([`${host}:${port}`]));
      expect((asked[index] as unknown as { receivedOn: string }).receivedOn).toBe(`${host}:${port}`);
    }
    await engine.idle();
  });

  it("a request goes out from the one nearest to its target", async () => {
    await start("--sip", "udp:0.0.0.0:0", "--sip", "udp:127.0.0.1:0");
    const [any, local] = places();
    const callee = await udp();
    const call = srf.createUAC(`sip:x@127.0.0.1:${callee.port}`, { localSdp: SDP });
    const invite = await callee.next("INVITE ");
    expect(valueOf(invite.text, "Via")).toContain(`127.0.0.1:${local!.port};`);
    invite.reply("486 Busy Here");
    await expect(call).rejects.toMatchObject({ status: 486 });
    for (const port of [any!.port, local!.port]) {
      await expect(srf.createUAC(`sip:x@127.0.0.1:${port}`, { localSdp: SDP })).rejects.toThrow(/myself/);
    }
  });

  it("a TCP connection is used again whichever listener it came to", async () => {
    await start("--sip", "tcp:127.0.0.1:0", "--sip", "tcp:127.0.0.1:0");
    const [, second] = places();
    const phone = await tcp(second!.port);
    srf.options((_req, res) => res.send(200));
    await engine.routed("options");
    phone.write(request("OPTIONS", "first", "TCP 127.0.0.1:9"));
    await phone.next("SIP/2.0 200");
    const { localPort } = phone.socket;
    const call = srf.createUAC(`sip:x@127.0.0.1:${localPort};transport=tcp`, { localSdp: SDP });
    const invite = await phone.next("INVITE ");
    expect(valueOf(invite.text, "Via")).toContain(`127.0.0.1:${second!.port};`);
    invite.reply("486 Busy Here");
    await expect(call).rejects.toMatchObject({ status: 486 });
  });

  it("a port that is taken is an error, and nothing stays open", async () => {
    const taken = createSocket("udp4");
    taken.bind(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address();
    const probe = createServer();
    probe.listen(0, "127.0.0.1");
    await once(probe, "listening");
    const free = (probe.address() as { port: number }).port;
    probe.close();
    await once(probe, "close");
    const sip = ["--sip", `udp:127.0.0.1:${free}`, "--sip", `tcp:127.0.0.1:${free}`];
    await expect(start(...sip, "--sip", `udp:127.0.0.1:${port}`)).rejects.toThrow(/EADDRINUSE/);
    taken.close();
    // A second engine must not share the port of the first, either.
    await start(...sip);
    await expect(TestEngine.alone("--sip", `udp:127.0.0.1:${free}`)).rejects.toThrow(/EADDRINUSE/);
    const server = createServer();
    server.listen(free, "127.0.0.1");
    await expect(once(server, "listening")).rejects.toThrow(/EADDRINUSE/);
  });
});

describe("an external address", () => {
  it("is what Via, Contact and the app say, while datagrams go on between the real ones", async () => {
    const sip = ["udp", "tcp", "ws"].flatMap((one) => ["--sip", `${one}:127.0.0.1:0;external=203.0.113.5`]);
    await start(...sip);
    const [u, t] = places();
    srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: SDP }));
    await engine.routed("invite");
    const caller = await udp();
    const via = `UDP 127.0.0.1:${caller.port}`;
    caller.send(request("INVITE", "ext", via, `Contact: <sip:c@127.0.0.1:${caller.port}>`), u!.port);
    const ok = await caller.next("SIP/2.0 200");
    expect(valueOf(ok.text, "Contact")).toBe(`<sip:203.0.113.5:${u!.port}>`);
    caller.send(request("ACK", "ext", via, `To: ${valueOf(ok.text, "To")}`, "CSeq: 1 ACK"), u!.port);
    caller.send(request("BYE", "ext", via, `To: ${valueOf(ok.text, "To")}`, "CSeq: 2 BYE"), u!.port);
    await caller.next("SIP/2.0 200");

    const out = srf.createUAC(`sip:x@127.0.0.1:${caller.port}`, { localSdp: SDP, callingNumber: "100" });
    const invite = await caller.next("INVITE ");
    expect(valueOf(invite.text, "Via")).toContain(`SIP/2.0/UDP 203.0.113.5:${u!.port};rport;`);
    expect(valueOf(invite.text, "Contact")).toContain(`203.0.113.5:${u!.port}`);
    expect(valueOf(invite.text, "From")).toContain(`100@203.0.113.5:${u!.port}`);
    invite.reply("486 Busy Here");
    await expect(out).rejects.toMatchObject({ status: 486 });

    const phone = await tcp(t!.port);
    phone.write(request("INVITE", "exttcp", "TCP 127.0.0.1:9", "Contact: <sip:c@127.0.0.1:9;transport=tcp>"));
    expect(valueOf((await phone.next("SIP/2.0 200")).text, "Contact")).toBe(
      `<sip:203.0.113.5:${t!.port};transport=tcp>`,
    );
    await expect(srf.createUAC(`sip:x@203.0.113.5:${u!.port}`, { localSdp: SDP })).rejects.toThrow(/myself/);
  });
});

describe("keep-alives (RFC 5626 3.5.1)", () => {
  it("are answered over TCP and WebSocket, also within a stream; over UDP they are ignored", async () => {
    engine = await TestEngine.start();
    srf = await engine.app();
    srf.options((_req, res) => res.send(200));
    await engine.routed("options");
    const phone = await tcp(engine.port("tcp"));
    phone.write("\r\n\r\n");
    await until(() => phone.text === "\r\n", "no pong");
    phone.write(`\r\n\r\n${request("OPTIONS", "k1", "TCP 127.0.0.1:9")}\r\n\r\n`);
    await until(() => phone.text.includes("SIP/2.0 200"), "no answer between them");
    for (const octet of "\r\n\r\n") phone.write(octet);
    const pings = (): number => engine.server.engine.context.metrics.value('sip_transport_events_total{event="ping"}');
    await until(
      () => pings() === 4,
      () => `${pings()} pings`,
    );
    await until(() => phone.text.replace(/SIP\/2\.0 200[^]*?\r\n\r\n/, "") === "\r\n".repeat(4), "a pong is missing");

    const browser = await WsPeer.open(engine.port("ws"));
    browser.socket.send("\r\n\r\n");
    await until(() => browser.texts.includes("\r\n"), "no pong over WebSocket");

    const peer = await udp();
    for (const noise of ["\r\n\r\n", "\r\n", "\0", ""]) peer.send(noise, engine.port("udp"));
    peer.send(request("OPTIONS", "k2", `UDP 127.0.0.1:${peer.port}`), engine.port("udp"));
    await peer.next("SIP/2.0 200");
    expect(peer.all).toEqual([]);
    expect(engine.server.engine.context.metrics.value('sip_dropped_total{reason="empty"}')).toBe(4);
    browser.close();
  });
});
