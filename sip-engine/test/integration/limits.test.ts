import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { selfSigned } from "../support/certificate.js";
import { TestEngine, until } from "../support/engine.js";
import { WsPeer } from "../support/peer.js";
import type { SrfApp } from "../support/srf.js";
import { TcpPeer, UdpPeer, request } from "../support/wire.js";

let engine: TestEngine;
let srf: SrfApp;
/** Answers of the app that the engine has told it were sent. */
let echoes: number;
const peers: { socket: { destroy?: () => void; close?: () => void } }[] = [];

async function start(...options: string[]): Promise<void> {
  engine = await TestEngine.start(...options);
  srf = await engine.app();
  echoes = 0;
  srf.options((_req, res) => res.send(200, {}, () => echoes++));
  await engine.routed("options");
}
const udp = async (host?: string): Promise<UdpPeer> => keep(await UdpPeer.open(host));
const tcp = async (local?: string): Promise<TcpPeer> =>
  keep(await TcpPeer.open(engine.port("tcp"), "127.0.0.1", local));
function keep<Peer extends UdpPeer | TcpPeer>(peer: Peer): Peer {
  peers.push(peer as never);
  return peer;
}
const refused = (reason: string): number =>
  engine.server.engine.context.metrics.value(`sip_refused_total{reason="${reason}"}`);
const options = (id: string, via: string): string => request("OPTIONS", id, via);

beforeEach(() => {
  peers.length = 0;
});
afterEach(async () => {
  for (const { socket } of peers) {
    if (socket.destroy !== undefined) socket.destroy();
    else socket.close?.();
  }
  await engine.stop();
});

describe("the message rate of a source", () => {
  it("over UDP: what exceeds it is dropped without a word; other sources go on", async () => {
    await start("--max-messages", "10", "--trusted", "127.0.0.1/32");
    const [noisy, calm, trusted] = [await udp("127.0.0.2"), await udp("127.0.0.3"), await udp("127.0.0.1")];
    for (let i = 0; i < 200; i++) {
      noisy.send(options(`noisy${i}`, `UDP 127.0.0.2:${noisy.port}`), engine.port("udp"));
      trusted.send(options(`trusted${i}`, `UDP 127.0.0.1:${trusted.port}`), engine.port("udp"));
    }
    calm.send(options("calm", `UDP 127.0.0.3:${calm.port}`), engine.port("udp"));
    await calm.next("SIP/2.0 200");
    await until(() => trusted.all.length === 200, "trusted source held back");
    // Twice the rate at once, and some more while the test ran.
    expect(noisy.all.length).toBeGreaterThanOrEqual(20);
    expect(noisy.all.length + refused("rate")).toBe(200);
    expect(refused("rate")).toBeGreaterThan(50);
  });

  it("over TCP and WebSocket: the connection is closed", async () => {
    await start("--max-messages", "5", "--trusted", "none");
    const peer = await tcp("127.0.0.2");
    peer.write(Array.from({ length: 50 }, (_, i) => options(`tcp${i}`, "TCP 127.0.0.2:9")).join(""));
    await peer.gone();
    expect(refused("rate")).toBe(1);
    const browser = await WsPeer.open(engine.port("ws"));
    for (let i = 0; i < 50; i++) browser.request("OPTIONS");
    await once(browser.socket, "close");
    expect(refused("rate")).toBe(2);
  });

  it("is not limited on this machine by default", async () => {
    await start();
    const peer = await tcp();
    peer.write(Array.from({ length: 3000 }, (_, i) => options(`many${i}`, "TCP 127.0.0.1:9")).join(""));
    await until(() => peer.text.split("SIP/2.0 200").length > 3000, "not all answered");
    // An app that disconnects while frames are under way takes what follows half of one for frames.
    await until(() => echoes === 3000, "not all told");
    expect(refused("rate")).toBe(0);
  });
});

describe("connections", () => {
  it("from one source and all together: one too many is closed, and may come back when another has gone", async () => {
    await start("--max-source-connections", "2", "--max-connections", "5", "--trusted", "127.0.0.1");
    const first = [await tcp("127.0.0.2"), await tcp("127.0.0.2")];
    await (await tcp("127.0.0.2")).gone();
    expect(refused("source-connections")).toBe(1);
    const others = [await tcp("127.0.0.3"), await tcp(), await tcp()];
    await (await tcp()).gone();
    expect(refused("connections")).toBe(1);
    first[0]!.socket.destroy();
    await until(() => engine.server.dump()["connections"] !== undefined && connections() === 4, "still counted");
    const again = await tcp("127.0.0.2");
    again.write(options("again", "TCP 127.0.0.2:9"));
    await again.next("SIP/2.0 200");
    expect(others.map(({ closed }) => closed)).toEqual([false, false, false]);
  });

  it("of browsers are counted like the others", async () => {
    await start("--max-source-connections", "1", "--trusted", "none");
    const browser = await WsPeer.open(engine.port("ws"));
    const second = new WebSocket(`ws://127.0.0.1:${engine.port("ws")}/`, "sip");
    await expect(once(second, "open")).rejects.toThrow();
    expect(refused("source-connections")).toBe(1);
    browser.close();
  });
});

/** A WebSocket as bytes, after its handshake. */
async function halfOpen(): Promise<Socket> {
  const socket = connect(engine.port("ws"), "127.0.0.1");
  peers.push({ socket });
  socket.on("error", () => undefined);
  const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13";
  socket.write(
    `GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${key}\r\nSec-WebSocket-Protocol: sip\r\n\r\n`,
  );
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 101 /);
  socket.resume();
  return socket;
}

const ended = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("close", () => resolve()));

/** The beginning of a text frame that says it has so many bytes; fewer than 65,536 or more. */
function begun(length: number, sent: number): Buffer {
  const size = Buffer.alloc(length < 65_536 ? 3 : 9);
  size[0] = 0x80 | (length < 65_536 ? 126 : 127);
  size.writeUIntBE(length, size.length - 2 - (length < 65_536 ? 0 : 4), length < 65_536 ? 2 : 6);
  return Buffer.concat([Buffer.from([0x81]), size, Buffer.from([1, 2, 3, 4]), Buffer.alloc(sent, "x")]);
}

const connections = (): number => (engine.server.dump()["connections"] as unknown[]).length;

describe("connections that keep the engine waiting", () => {
  it("are closed: one that says nothing, one that stops in a head, one in a body, one that dribbles", async () => {
    await start("--stall-ms", "400");
    const [silent, inHead, inBody, dribbling] = [await tcp(), await tcp(), await tcp(), await tcp()];
    const good = await tcp();
    good.write(options("good", "TCP 127.0.0.1:9"));
    const mute = new WebSocket(`ws://127.0.0.1:${engine.port("ws")}/`, "sip");
    inHead.write("OPTIONS sip:x@y SIP/2.0\r\nVia: ");
    inBody.write(`${options("body", "TCP 127.0.0.1:9").replace("Content-Length: 0", "Content-Length: 10")}abc`);
    const drops = setInterval(() => dribbling.write("x"), 20);
    await Promise.all([silent.gone(), inHead.gone(), inBody.gone(), dribbling.gone(), once(mute, "close")]);
    clearInterval(drops);
    expect(refused("stalled")).toBe(5);
    // One that has sent its message is not waited for.
    expect(good.closed).toBe(false);
    good.write(options("later", "TCP 127.0.0.1:9"));
    await until(() => good.text.split("SIP/2.0 200").length === 3, "no answer");
  });

  it("are closed before they are connections of SIP: half a handshake of TLS, half a request of HTTP", async () => {
    const { key, cert, remove } = selfSigned();
    const secure = ["--sip", "tls:127.0.0.1:0", "--sip", "wss:127.0.0.1:0", "--tls-cert", cert, "--tls-key", key];
    await start("--stall-ms", "400", ...secure);
    remove();
    const half = await Promise.all(
      (["tls", "wss", "ws"] as const).map(async (one) => keep(await TcpPeer.open(engine.port(one)))),
    );
    half[2]!.write("GET / HTTP/1.1\r\nHost: ");
    await Promise.all(half.map((peer) => peer.gone()));
    expect(refused("handshake")).toBe(3);
  });

  it("are closed: a WebSocket that does not finish its message, however slowly it goes on; not one that only answers pings", async () => {
    await start("--stall-ms", "400");
    const [half, dribbling, idle] = [await halfOpen(), await halfOpen(), await WsPeer.open(engine.port("ws"))];
    idle.request("OPTIONS");
    await idle.next("200 OPTIONS");
    half.write(begun(300, 20));
    dribbling.write(begun(100_000, 20));
    const drops = setInterval(() => dribbling.write("x"), 20);
    await Promise.all([half, dribbling].map(ended));
    clearInterval(drops);
    expect(refused("stalled")).toBe(2);
    idle.socket.pong();
    idle.request("OPTIONS");
    await idle.next("200 OPTIONS");
    idle.close();
  });

  it("do not fill the memory over WebSocket either", async () => {
    await start("--max-pending-bytes", "100000");
    const [first, second] = [await halfOpen(), await halfOpen()];
    for (const socket of [first, second]) socket.write(begun(65_000, 60_000));
    await Promise.race([first, second].map(ended));
    expect(refused("pending-bytes")).toBe(1);
    for (const socket of [first, second]) socket.destroy();
  });

  it("do not fill the memory: unfinished messages of all connections together are limited", async () => {
    await start("--max-pending-bytes", "100000");
    const large = options("large", "TCP 127.0.0.1:9").replace("Content-Length: 0", "Content-Length: 90000");
    const [first, second] = [await tcp(), await tcp()];
    first.write(large + "x".repeat(60_000));
    second.write(large + "x".repeat(60_000));
    await until(() => first.closed || second.closed, "both kept");
    expect(refused("pending-bytes")).toBe(1);
    (first.closed ? second : first).write("x".repeat(30_000));
    await (first.closed ? second : first).next("SIP/2.0 200");
    const third = await tcp();
    third.write(large + "x".repeat(90_000));
    await third.next("SIP/2.0 200");
  });
});

describe("a connection that sends mostly garbage", () => {
  it("is closed, over TCP and WebSocket; one that errs now and then is not", async () => {
    await start();
    const noise = "hello there\r\n\r\n";
    const peer = await tcp();
    peer.write(noise.repeat(30));
    await peer.gone();
    const browser = await WsPeer.open(engine.port("ws"));
    for (let i = 0; i < 30; i++) browser.socket.send("hello");
    await once(browser.socket, "close");
    expect(refused("garbage")).toBe(2);
    const clumsy = await tcp();
    for (let i = 0; i < 30; i++) clumsy.write(noise + options(`c${i}`, "TCP 127.0.0.1:9").repeat(2));
    await until(() => clumsy.text.split("SIP/2.0 200").length > 30, "not all answered");
    expect(clumsy.closed).toBe(false);
  });
});
