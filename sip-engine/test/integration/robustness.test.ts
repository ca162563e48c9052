import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { TestEngine, until } from "../support/engine.js";
import { WsPeer } from "../support/peer.js";
import { Sipp } from "../support/sipp.js";
import type { SrfApp } from "../support/srf.js";

const SDP = "v=0\r\no=app 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";

let engine: TestEngine;
let srf: SrfApp;

beforeEach(async () => {
  engine = await TestEngine.start();
  srf = await engine.app();
});
afterEach(() => engine.stop());

/** Seeded noise: the same in every run. */
function noise(seed: number): (n: number) => number {
  let state = seed;
  return (n) => (state = (state * 1103515245 + 12345) & 0x7fffffff) % n;
}

const REQUEST = [
  "INVITE sip:x@127.0.0.1 SIP/2.0",
  "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKgarbage",
  "From: <sip:a@b>;tag=1",
  "To: <sip:c@d>;tag=2",
  "Call-ID: garbage",
  "CSeq: 1 INVITE",
  "Contact: <sip:a@b>",
  "Content-Length: 3",
  "",
  "abc",
].join("\r\n");

describe("bad input harms no call", () => {
  it("random datagrams and 1,000 broken messages on every transport during a call", async () => {
    srf.invite(async (req, res) => {
      await srf.createUAS(req, res, { localSdp: SDP });
    });
    await engine.routed("invite");
    const callers = [await Sipp.caller("uac-is-answered-and-hangs-up.xml", engine.port("udp"))];
    const random = noise(42);
    const udp = createSocket("udp4");
    const tcp = connect(engine.port("tcp"), "127.0.0.1");
    tcp.on("error", () => undefined);
    const browser = await WsPeer.open(engine.port("ws"));
    for (let i = 0; i < 1000; i++) {
      const at = random(REQUEST.length);
      const octets = Buffer.from(Array.from({ length: random(40) }, () => random(256)));
      const bent = Buffer.concat([
        Buffer.from(REQUEST.slice(0, at)),
        octets,
        Buffer.from(REQUEST.slice(at + random(9))),
      ]);
      udp.send(i % 3 === 0 ? octets : bent, engine.port("udp"), "127.0.0.1");
      if (i % 10 === 0) browser.socket.send(bent);
      if (i % 10 === 5 && tcp.writable) tcp.write(bent);
      if (i % 100 === 0) callers.push(await Sipp.caller("uac-is-answered-and-hangs-up.xml", engine.port("udp")));
    }
    await Promise.all(callers.map(({ done }) => done));
    expect(engine.server.engine.context.metrics.value("internal_errors_total")).toBe(0);
    udp.close();
    tcp.destroy();
    await engine.idle();
  });
});

describe("an app that disconnects", () => {
  it("mid-call: its calls get 481, another app goes on, nothing is left", async () => {
    const answer = (app: SrfApp): void => {
      app.invite((req, res) => void app.createUAS(req, res, { localSdp: SDP }));
    };
    answer(srf);
    await engine.routed("invite");
    const browser = await WsPeer.open(engine.port("ws"));
    const callId = "first";
    browser.request("INVITE", { callId });
    const toTag = (await browser.next("200 INVITE")).tag("To");
    browser.request("ACK", { callId, toTag });
    const other = await engine.app();
    engine.leave(srf);
    answer(other);
    await until(() => engine.apps().length === 1, "app still there");
    await engine.routed("invite");
    browser.request("BYE", { callId, toTag, cseq: 2 });
    await browser.next("481 BYE");
    browser.close();
    await (
      await Sipp.caller("uac-is-answered-and-hangs-up.xml", engine.port("udp"))
    ).done;
    await engine.idle();
  });
});

describe("the drachtio protocol", () => {
  async function raw(): Promise<{ socket: Socket; text: () => string }> {
    const socket = connect(engine.server.addresses.admin, "127.0.0.1");
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    await once(socket, "connect");
    return { socket, text: () => text };
  }
  const frame = (payload: string): string => `${Buffer.byteLength(payload)}#${payload}`;

  it("answers authenticate with addresses and a version drachtio-srf understands", async () => {
    const { socket, text } = await raw();
    for (const byte of frame("m1|authenticate|s3cret|")) socket.write(byte);
    await until(() => text().includes("|response|m1|OK|"), "no answer");
    const [, , , , hostPorts, version, local] = text()
      .slice(text().indexOf("#") + 1)
      .split("|");
    expect(hostPorts).toMatch(/^udp\/127\.0\.0\.1:\d+,tcp\/127\.0\.0\.1:\d+,ws\/127\.0\.0\.1:\d+$/);
    expect(local).toBe(hostPorts);
    expect(version).toMatch(/^v0\.9\.10/);
    socket.destroy();
  });

  it("closes on a wrong secret, on commands without one, and on broken frames", async () => {
    for (const [sent, answer] of [
      [frame("m1|authenticate|wrong|"), "|response|m1|NO|incorrect secret"],
      [frame("m2|route|invite"), "|response|m2|NO|not authenticated"],
      ["hello#", ""],
    ] as const) {
      const { socket, text } = await raw();
      const closed = once(socket, "close");
      socket.write(sent);
      await closed;
      expect(text()).toContain(answer);
    }
  });

  it("takes bodies of 200 kB in UTF-8 both ways over TCP", async () => {
    const body = `${"æøå😀".repeat(20_000)}`;
    srf.message((req, res) => {
      res.send(200, { body: req.body, headers: { "Content-Type": "text/plain" } });
    });
    await engine.routed("message");
    const peer = connect(engine.port("tcp"), "127.0.0.1");
    let received = Buffer.alloc(0);
    peer.on("data", (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
    peer.write(
      [
        "MESSAGE sip:x@127.0.0.1 SIP/2.0",
        "Via: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKbig",
        "From: <sip:a@b>;tag=1",
        "To: <sip:c@d>",
        "Call-ID: big",
        "CSeq: 1 MESSAGE",
        "Content-Type: text/plain",
        `Content-Length: ${Buffer.byteLength(body)}`,
        "",
        body,
      ].join("\r\n"),
    );
    await until(() => received.length > Buffer.byteLength(body), "no answer");
    const text = received.toString("utf8");
    expect(text).toContain(`Content-Length: ${Buffer.byteLength(body)}\r\n`);
    await until(() => received.toString("utf8").endsWith(body), "body incomplete");
    peer.destroy();
  });

  it("shows health, everything alive, and metrics over HTTP", async () => {
    const { http } = engine.server.addresses;
    const get = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${http}${path}`)).text();
    expect(JSON.parse(await get("/health"))).toMatchObject({ ok: true });
    const dump = JSON.parse(await get("/debug/dump")) as Record<string, unknown>;
    expect(Object.keys(dump)).toEqual(expect.arrayContaining(["counts", "dialogs", "flows", "apps", "connections"]));
    await (await Sipp.caller("uac-is-answered-and-hangs-up.xml", engine.port("udp"))).done.catch(() => undefined);
    const metrics = await get("/metrics");
    expect(metrics).toContain('sip_requests_total{direction="in",method="INVITE"} 1\n');
    expect(metrics).toMatch(/^sip_apps \d+$/m);
    expect(metrics).toMatch(/^sip_server_transactions \d+$/m);
    // Every value follows the description and the type of its family, and no family comes twice.
    const families = [...metrics.matchAll(/^# TYPE (\S+) (?:counter|gauge)$/gm)].map(([, name]) => name!);
    expect(new Set(families).size).toBe(families.length);
    let family = "";
    for (const line of metrics.trimEnd().split("\n")) {
      if (line.startsWith("# HELP ")) family = line.split(" ")[2]!;
      else if (!line.startsWith("#"))
        expect(line).toMatch(new RegExp(`^${family}(\\{[a-z]+="[^"]+"(,[a-z]+="[^"]+")*\\})? \\d+$`));
    }
  });
});
