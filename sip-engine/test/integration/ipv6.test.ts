import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { WebSocket } from "ws";
import { selfSigned } from "../support/certificate.js";
import type { Certificate } from "../support/certificate.js";
import { TestEngine } from "../support/engine.js";
import { freePort } from "../support/sipp.js";
import type { SrfApp, SrfRequest } from "../support/srf.js";
import { TcpPeer, UdpPeer, request, valueOf } from "../support/wire.js";

const SDP = "v=0\r\no=app 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";

let certificate: Certificate;
let engine: TestEngine;
let srf: SrfApp;
let peer: UdpPeer;

/** Port of the engine's IPv6 listener. */
const port6 = (transport: string): number => {
  return Number(new RegExp(`\\b${transport}/::1:(\\d+)`).exec(engine.server.addresses.sip)?.[1]);
};

beforeEach(async () => {
  certificate = selfSigned();
  const { cert, key } = certificate;
  const listeners = ["udp", "tcp", "tls", "ws"].flatMap((transport) => ["--sip", `${transport}:[::1]:0`]);
  engine = await TestEngine.start(...listeners, "--tls-cert", cert, "--tls-key", key, "--tls-verify", "false");
  srf = await engine.app();
  peer = await UdpPeer.open("::1");
});
afterEach(async () => {
  await engine.stop();
  peer.socket.close();
  certificate.remove();
});

describe("calls over IPv6", () => {
  it("in over UDP: Contact in brackets, received and the app's addresses without", async () => {
    const asked: SrfRequest[] = [];
    srf.invite((req, res) => {
      asked.push(req);
      void srf.createUAS(req, res, { localSdp: SDP });
    });
    await engine.routed("invite");
    const contact = `Contact: <sip:caller@[::1]:${peer.port}>`;
    peer.send(request("INVITE", "in", "UDP [2001:db8::9]:5060;rport", contact), port6("udp"), "::1");
    const ok = await peer.next("SIP/2.0 200");
    const via = valueOf(ok.text, "Via");
    expect(via).toContain("SIP/2.0/UDP [2001:db8::9]:5060");
    expect(via).toContain(`;rport=${peer.port};received=::1`);
    expect(valueOf(ok.text, "Contact")).toBe(`<sip:[::1]:${port6("udp")}>`);
    const { source_address, source_port, protocol, receivedOn } = asked[0] as unknown as Record<string, unknown>;
    expect({ source_address, source_port, protocol }).toEqual({
      source_address: "::1",
      source_port: peer.port,
      protocol: "udp",
    });
    expect(receivedOn).toBe(`::1:${port6("udp")}`);
    const dialog = [`To: ${valueOf(ok.text, "To")}`, "CSeq: 1 ACK"];
    peer.send(request("ACK", "in", `UDP [::1]:${peer.port}`, ...dialog), port6("udp"), "::1");
    const bye = ["CSeq: 2 BYE", dialog[0]!];
    peer.send(request("BYE", "in", `UDP [::1]:${peer.port}`, ...bye), port6("udp"), "::1");
    const done = await peer.next("SIP/2.0 200");
    expect(valueOf(done.text, "CSeq")).toBe("2 BYE");
    expect(valueOf(done.text, "Via")).not.toContain("received");
    await engine.idle();
  });

  it("out over UDP, hung up by the app", async () => {
    const call = srf.createUAC(`sip:callee@[::1]:${peer.port}`, { localSdp: SDP });
    const invite = await peer.next(`INVITE sip:callee@[::1]:${peer.port} SIP/2.0`);
    expect(valueOf(invite.text, "Via")).toMatch(new RegExp(`^SIP/2\\.0/UDP \\[::1\\]:${port6("udp")};rport;branch=`));
    expect(valueOf(invite.text, "Contact")).toContain(`@[::1]:${port6("udp")}`.slice(1));
    invite.reply("200 OK", `Contact: <sip:callee@[::1]:${peer.port}>`);
    const dialog = await call;
    await peer.next("ACK ");
    void dialog.destroy();
    (await peer.next(`BYE sip:callee@[::1]:${peer.port} `)).reply("200 OK");
    await engine.idle();
  });

  it("out over TCP, from its own address", async () => {
    const server = createServer();
    server.listen(0, "::1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const call = srf.createUAC(`sip:callee@[::1]:${port};transport=tcp`, { localSdp: SDP });
    const [socket] = (await once(server, "connection")) as [Socket];
    const callee = new TcpPeer(socket);
    const invite = await callee.next("INVITE ");
    expect(socket.remoteAddress).toBe("::1");
    expect(valueOf(invite.text, "Via")).toMatch(new RegExp(`^SIP/2\\.0/TCP \\[::1\\]:${port6("tcp")};branch=`));
    expect(valueOf(invite.text, "Contact")).toContain(`[::1]:${port6("tcp")};transport=tcp`);
    invite.reply("486 Busy Here");
    await expect(call).rejects.toMatchObject({ status: 486 });
    socket.destroy();
    server.close();
  });

  it("a closed port is noticed", async () => {
    const { port } = peer;
    const call = srf.createUAC(`sip:nobody@[::1]:${port === 65_535 ? 1 : port + 1}`, { localSdp: SDP });
    await expect(call).rejects.toMatchObject({ status: 503 });
  });

  it("in over TCP, TLS and WebSocket", async () => {
    srf.options((_req, res) => res.send(200, { headers: { Contact: "<sip:app@localhost>" } }));
    await engine.routed("options");
    const tcp = await TcpPeer.open(port6("tcp"), "::1");
    const tls = new TcpPeer(connectTls({ host: "::1", port: port6("tls"), rejectUnauthorized: false }));
    const ws = new WebSocket(`ws://[::1]:${port6("ws")}/`, "sip");
    await once(ws, "open");
    tcp.write(request("OPTIONS", "tcp", "TCP [::1]:9"));
    tls.write(request("OPTIONS", "tls", "TLS [::1]:9"));
    const answer = once(ws, "message");
    ws.send(request("OPTIONS", "ws", "WS nobody.invalid"));
    for (const [name, one] of [
      ["tcp", tcp],
      ["tls", tls],
    ] as const) {
      const { text } = await one.next("SIP/2.0 200");
      expect(valueOf(text, "Contact")).toBe(`<sip:app@[::1]:${port6(name)}>`);
      expect(valueOf(text, "Via")).not.toContain("received");
    }
    const text = ((await answer) as [Buffer])[0].toString();
    expect(text).toMatch(/^SIP\/2\.0 200/);
    expect(valueOf(text, "Via")).toContain(";received=::1");
    for (const { socket } of [tcp, tls]) socket.destroy();
    ws.terminate();
  });
});

describe("IPv4 and IPv6 together", () => {
  it("a call from one leaves by the other as its target asks", async () => {
    const four = await UdpPeer.open();
    for (const [uri, callee, via] of [
      [`sip:x@[::1]:${peer.port}`, peer, `[::1]:${port6("udp")}`],
      [`sip:x@127.0.0.1:${four.port}`, four, `127.0.0.1:${engine.port("udp")}`],
    ] as const) {
      const call = srf.createUAC(uri, { localSdp: SDP });
      const invite = await callee.next("INVITE ");
      expect(valueOf(invite.text, "Via")).toContain(`UDP ${via};`);
      invite.reply("486 Busy Here");
      await expect(call).rejects.toMatchObject({ status: 486 });
    }
    four.socket.close();
  });

  it("a call to ourselves is refused by either address", async () => {
    for (const own of [`[::1]:${port6("udp")}`, `127.0.0.1:${engine.port("udp")}`, `localhost:${port6("tcp")}`]) {
      await expect(srf.createUAC(`sip:x@${own}`, { localSdp: SDP })).rejects.toThrow(/myself/);
    }
  });

  it("one wildcard socket serves both, or two share a port", async () => {
    const port = await freePort();
    for (const hosts of [["[::]"], ["0.0.0.0", "[::]"]]) {
      const sip = hosts.flatMap((host) => ["udp", "tcp"].flatMap((one) => ["--sip", `${one}:${host}:${port}`]));
      const both = await TestEngine.start(...sip);
      const app = await both.app();
      app.options((_req, res) => res.send(200));
      await both.routed("options");
      const four = await UdpPeer.open();
      four.send(request("OPTIONS", "four", `UDP 127.0.0.1:${four.port}`), port, "127.0.0.1");
      expect(valueOf((await four.next("SIP/2.0 200")).text, "Via")).not.toContain("received");
      peer.send(request("OPTIONS", "six", `UDP [::1]:${peer.port}`), port, "::1");
      await peer.next("SIP/2.0 200");
      for (const host of ["127.0.0.1", "::1"]) {
        const tcp = await TcpPeer.open(port, host);
        tcp.write(request("OPTIONS", `tcp${host}`, "TCP 192.0.2.1:9"));
        expect(valueOf((await tcp.next("SIP/2.0 200")).text, "Via")).toContain(`;received=${host}`);
        tcp.socket.destroy();
      }
      four.socket.close();
      await both.stop();
    }
  });

  it("a wildcard socket for both calls both", async () => {
    const only = await TestEngine.alone("--sip", "udp:[::]:0");
    const app = await only.app();
    const four = await UdpPeer.open();
    for (const [uri, callee] of [
      [`sip:x@[::1]:${peer.port}`, peer],
      [`sip:x@127.0.0.1:${four.port}`, four],
    ] as const) {
      const call = app.createUAC(uri, { localSdp: SDP });
      const invite = await callee.next("INVITE ");
      expect(valueOf(invite.text, "Via")).toContain(uri.includes("[") ? "UDP [::1]:" : "UDP 127.0.0.1:");
      invite.reply("486 Busy Here");
      await expect(call).rejects.toMatchObject({ status: 486 });
    }
    four.socket.close();
    await only.stop();
  });
});
