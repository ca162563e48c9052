import { afterEach, describe, expect, it } from "@jest/globals";
import { NameServer } from "../support/name-server.js";
import type { Zone } from "../support/name-server.js";
import { TestEngine, until } from "../support/engine.js";
import { freePort } from "../support/sipp.js";
import type { SrfApp, SrfResponse } from "../support/srf.js";
import { TcpPort, UdpPeer, request, valueOf } from "../support/wire.js";

const SDP = "v=0\r\no=app 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";

let engine: TestEngine;
let srf: SrfApp;
let dns: NameServer;
const open: { close(): void }[] = [];
async function start(zone: Zone, ...options: string[]): Promise<void> {
  dns = await NameServer.start(zone);
  engine = await TestEngine.start("--dns-servers", dns.place, ...options);
  srf = await engine.app();
}
async function udp(): Promise<UdpPeer> {
  const peer = await UdpPeer.open();
  open.push(peer.socket);
  return peer;
}
async function tcp(port: number): Promise<TcpPort> {
  const server = await TcpPort.open(port);
  open.push(server);
  return server;
}
/** The same port for both transports: one that is free for UDP can be taken for TCP. */
async function udpAndTcp(): Promise<[UdpPeer, TcpPort, number]> {
  for (;;) {
    const server = await TcpPort.open(0);
    const { port } = server.server.address() as { port: number };
    const peer = await UdpPeer.open("127.0.0.1", port).catch(() => null);
    open.push(server, ...(peer === null ? [] : [peer.socket]));
    if (peer !== null) return [peer, server, port];
  }
}
/** What drachtio-srf's requests can do besides. */
interface Proxying {
  proxy(options: { destination: string; remainInDialog: boolean }): Promise<unknown>;
}

const HOST = { address: "127.0.0.1" };
const at = (port: number, priority: number, target = "host.sip.test"): Zone[string][number] => {
  return { port, priority, weight: 10, target };
};
const contact = (port: number): string => `Contact: <sip:callee@127.0.0.1:${port}>`;
const failovers = (cause: string): number =>
  engine.server.engine.context.metrics.value(`sip_failovers_total{cause="${cause}"}`);

/** Answers an INVITE and lets the app hang up. */
async function answered(peer: UdpPeer, call: Promise<{ destroy(): Promise<unknown> }>): Promise<string> {
  const invite = await peer.next("INVITE ");
  invite.reply("200 OK", contact(peer.port));
  const dialog = await call;
  await peer.next("ACK ");
  void dialog.destroy();
  (await peer.next("BYE ")).reply("200 OK");
  return invite.text;
}

afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await engine.stop();
  dns.stop();
});

describe("servers of a domain (RFC 3263 4.3)", () => {
  it("503 and then the second: the call goes on there, CANCEL and dialog included", async () => {
    const [first, second] = [await udp(), await udp()];
    await start({
      "SRV _sip._udp.sip.test": [at(second.port, 2), at(first.port, 1)],
      "A host.sip.test": [HOST],
    });
    const statuses: number[] = [];
    const progress = { cbProvisional: (response: SrfResponse) => void statuses.push(response.status) };
    const call = srf.createUAC("sip:callee@sip.test", { localSdp: SDP }, progress);
    const refused = await first.next("INVITE sip:callee@sip.test ");
    refused.reply("100 Trying");
    refused.reply("503 Service Unavailable");
    await first.next("ACK ");
    const invite = await second.next("INVITE sip:callee@sip.test ");
    for (const same of ["From", "Call-ID", "CSeq"])
      expect(valueOf(invite.text, same)).toBe(valueOf(refused.text, same));
    expect(valueOf(invite.text, "Via")).not.toBe(valueOf(refused.text, "Via"));
    invite.reply("180 Ringing", contact(second.port));
    invite.reply("200 OK", contact(second.port));
    const dialog = await call;
    await second.next("ACK ");
    void dialog.destroy();
    (await second.next("BYE ")).reply("200 OK");
    await engine.idle();
    expect(statuses).toEqual([180]);
    // The next call does not begin with the one that has just refused. Repetitions of this one are not it.
    for (const peer of [first, second]) peer.all.length = 0;
    const next = srf.createUAC("sip:callee@sip.test", { localSdp: SDP });
    await answered(second, next);
    expect(first.all).toEqual([]);
    second.all.length = 0;
    const last = srf.createUAC(
      "sip:callee@sip.test",
      { localSdp: SDP },
      { cbRequest: (_e, req) => void setTimeout(() => req.cancel()) },
    );
    last.catch(() => undefined);
    const ringing = await second.next("INVITE ");
    ringing.reply("180 Ringing");
    const cancel = await second.next("CANCEL ");
    expect(valueOf(cancel.text, "Via")).toBe(valueOf(ringing.text, "Via"));
    cancel.reply("200 OK");
    ringing.reply("487 Request Terminated");
    await expect(last).rejects.toMatchObject({ status: 487 });
  });

  it("a closed port, a server that says nothing, and one without address are passed over", async () => {
    const [silent, good] = [await udp(), await udp()];
    await start({
      "SRV _sip._udp.sip.test": [
        at(1, 1, "unknown.sip.test"),
        at(await freePort(), 2),
        at(silent.port, 3),
        at(good.port, 4),
      ],
      "A host.sip.test": [HOST],
    });
    await answered(good, srf.createUAC("sip:callee@sip.test", { localSdp: SDP }));
    expect([failovers("transport"), failovers("timeout"), failovers("503")]).toEqual([1, 1, 0]);
    expect(silent.all.length).toBeGreaterThan(2);
    await engine.idle();
  });

  it("a refused connection, and all servers failing: the app is told what the last one said", async () => {
    const [closed, server] = [await freePort(), await tcp(0)];
    const { port } = server.server.address() as { port: number };
    await start({ "SRV _sip._tcp.sip.test": [at(closed, 1), at(port, 2)], "A host.sip.test": [HOST] });
    const call = srf.createUAC("sip:callee@sip.test;transport=tcp", { localSdp: SDP });
    call.catch(() => undefined);
    const invite = await server.next("INVITE ");
    expect(valueOf(invite.text, "Via")).toMatch(/^SIP\/2\.0\/TCP /);
    invite.reply("503 Full");
    await expect(call).rejects.toMatchObject({ status: 503, reason: "Full" });
    expect(failovers("transport")).toBe(1);
    await engine.idle();
  });

  it("several addresses of one name, and of a name with a port", async () => {
    const good = await udp();
    await start({ "A host.sip.test": [{ address: "127.0.0.77" }, HOST] });
    await answered(good, srf.createUAC(`sip:callee@host.sip.test:${good.port}`, { localSdp: SDP }));
    expect(dns.asked.filter((question) => !/^A+ /.test(question))).toEqual([]);
  });

  it("a proxied call goes to the second as well, and its CANCEL follows it", async () => {
    const [first, second, caller] = [await udp(), await udp(), await udp()];
    await start({
      "SRV _sip._udp.sip.test": [at(second.port, 2), at(first.port, 1)],
      "A host.sip.test": [HOST],
    });
    srf.invite(
      (req) => void (req as unknown as Proxying).proxy({ destination: "sip:callee@sip.test", remainInDialog: true }),
    );
    await engine.routed("invite");
    const via = `UDP 127.0.0.1:${caller.port}`;
    caller.send(request("INVITE", "proxied", via, contact(caller.port)), engine.port("udp"));
    (await first.next("INVITE ")).reply("503 Service Unavailable");
    await first.next("ACK ");
    const invite = await second.next("INVITE ");
    invite.reply("180 Ringing", contact(second.port));
    await caller.next("SIP/2.0 180");
    const cancel = request("CANCEL", "proxied", via).replace("proxiedCANCEL", "proxiedINVITE");
    caller.send(cancel, engine.port("udp"));
    const taken = await second.next("CANCEL ");
    expect(valueOf(taken.text, "Via")).toBe(valueOf(invite.text, "Via"));
    taken.reply("200 OK");
    invite.reply("487 Request Terminated");
    const ended = await caller.next("SIP/2.0 487");
    const ack = request("ACK", "proxied", via, `To: ${valueOf(ended.text, "To")}`, "CSeq: 1 ACK");
    caller.send(ack.replace("proxiedACK", "proxiedINVITE"), engine.port("udp"));
    await engine.idle();
  });
});

describe("which transport (RFC 3263 4.1)", () => {
  it("NAPTR says TCP", async () => {
    const server = await tcp(0);
    const { port } = server.server.address() as { port: number };
    await start({
      "NAPTR sip.test": [
        { order: 1, preference: 2, service: "SIP+D2U", replacement: "_sip._udp.sip.test" },
        { order: 1, preference: 1, service: "SIP+D2T", replacement: "_sip._tcp.sip.test" },
      ],
      "SRV _sip._tcp.sip.test": [at(port, 1)],
      "A host.sip.test": [HOST],
    });
    const call = srf.createUAC("sip:callee@sip.test", { localSdp: SDP });
    call.catch(() => undefined);
    const invite = await server.next("INVITE ");
    expect(valueOf(invite.text, "Via")).toMatch(new RegExp(`^SIP/2\\.0/TCP 127\\.0\\.0\\.1:${engine.port("tcp")};`));
    expect(valueOf(invite.text, "Contact")).toBe(`<sip:127.0.0.1:${engine.port("tcp")};transport=tcp>`);
    invite.reply("486 Busy Here");
    await expect(call).rejects.toMatchObject({ status: 486 });
  });

  it("a name server that does not answer keeps nobody waiting long: names of the system go on working", async () => {
    const good = await udp();
    await start({});
    dns.zone = false;
    await answered(good, srf.createUAC(`sip:callee@localhost:${good.port}`, { localSdp: SDP }));
    const unknown = srf.createUAC("sip:callee@unknown.invalid", { localSdp: SDP });
    await expect(unknown).rejects.toMatchObject({ status: 503, reason: "DNS Error" });
    await engine.idle();
  });
});

describe("requests too large for a datagram (RFC 3261 18.1.1)", () => {
  const large = `${SDP}${"a=candidate:1 1 UDP 1 127.0.0.1 9 typ host\r\n".repeat(40)}`;

  it("go over TCP, small ones and those that name UDP do not", async () => {
    const [datagrams, server, port] = await udpAndTcp();
    await start({}, "--udp-max-bytes", "1300");
    const call = srf.createUAC(`sip:callee@127.0.0.1:${port}`, { localSdp: large });
    const invite = await server.next("INVITE ");
    expect(valueOf(invite.text, "Via")).toMatch(new RegExp(`^SIP/2\\.0/TCP 127\\.0\\.0\\.1:${engine.port("tcp")};`));
    invite.reply("200 OK", contact(port));
    await call;
    await server.next("ACK ");
    for (const [uri, localSdp] of [
      [`sip:callee@127.0.0.1:${port}`, SDP],
      [`sip:callee@127.0.0.1:${port};transport=udp`, large],
    ] as const) {
      const other = srf.createUAC(uri, { localSdp });
      (await datagrams.next("INVITE ")).reply("486 Busy Here");
      await expect(other).rejects.toMatchObject({ status: 486 });
    }
  });

  it("go by UDP when the peer takes no connection", async () => {
    const good = await udp();
    await start({}, "--udp-max-bytes", "1300");
    const text = await answered(good, srf.createUAC(`sip:callee@127.0.0.1:${good.port}`, { localSdp: large }));
    expect(valueOf(text, "Via")).toMatch(/^SIP\/2\.0\/UDP /);
    expect(text.length).toBeGreaterThan(1300);
  });

  it("go by UDP always when that is not asked for", async () => {
    const [datagrams, server, port] = await udpAndTcp();
    await start({});
    await answered(datagrams, srf.createUAC(`sip:callee@127.0.0.1:${port}`, { localSdp: large }));
    expect(server.peers).toEqual([]);
  });
});

describe("a closed UDP port", () => {
  it("is 503 after the first repetition, for calls and other requests, in dialogs too", async () => {
    await start({});
    const closed = await freePort();
    const before = performance.now();
    await expect(srf.createUAC(`sip:nobody@127.0.0.1:${closed}`, { localSdp: SDP })).rejects.toMatchObject({
      status: 503,
    });
    // 64·T1 are 3.2 s here.
    expect(performance.now() - before).toBeLessThan(2500);
    const callee = await udp();
    const call = srf.createUAC(`sip:callee@127.0.0.1:${callee.port}`, { localSdp: SDP });
    (await callee.next("INVITE ")).reply("200 OK", contact(callee.port));
    const dialog = await call;
    await callee.next("ACK ");
    callee.socket.close();
    open.length = 0;
    await expect(dialog.request({ method: "INFO" })).resolves.toMatchObject({ status: 503 });
    await dialog.destroy();
    await engine.idle();
    expect(
      engine.server.engine.context.metrics.value('sip_transport_events_total{event="unreachable"}'),
    ).toBeGreaterThan(1);
  });

  it("is not confused with a slow peer: its answers are heard, whichever socket they come to", async () => {
    await start({});
    const [slow, other] = [await udp(), await udp()];
    const call = srf.createUAC(`sip:slow@127.0.0.1:${slow.port}`, { localSdp: SDP });
    await until(() => slow.all.length >= 3, "not repeated");
    srf.options((_req, res) => res.send(200));
    await engine.routed("options");
    for (const peer of [slow, other]) {
      peer.send(request("OPTIONS", `o${peer.port}`, `UDP 127.0.0.1:${peer.port}`), engine.port("udp"));
      await peer.next("SIP/2.0 200");
    }
    await answered(slow, call);
  });

  it("goes unnoticed when that is switched off", async () => {
    await start({}, "--icmp", "false");
    const call = srf.createUAC(`sip:nobody@127.0.0.1:${await freePort()}`, { localSdp: SDP });
    await expect(call).rejects.toMatchObject({ status: 408 });
  });
});
