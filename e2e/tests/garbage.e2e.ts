// Bad input to every port during a call: the audio goes on and no process restarts.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { randomBytes, randomInt } from "node:crypto";
import dgram from "node:dgram";
import net from "node:net";
import { nowMs, untilMs } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { gapMs, hears } from "../src/hearing.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

let product: Product;
let customer: RtpCustomer;
let one: Desk;
let before: Readonly<Record<string, number | undefined>>;

beforeAll(async () => {
  product = await Product.start();
  customer = await RtpCustomer.create({ tone: 440, sipPort: TRUNK_PORT });
  one = await Desk.open(product, "anna", 700);
  await one.goAvailable();
  await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
  await one.accept();
  await one.isIn("connected");
  await Promise.all([hears(customer, { tones: [700] }), hears(one.agent, { tones: [440] })]);
  before = product.pids();
}, 90_000);

afterAll(async () => {
  customer?.close();
  await one?.close();
  await product?.stop();
}, 30_000);

/** Sends datagrams at some 5,000 a second: more, and the test's own ear, in this process, would be what suffers. */
async function flood(port: number, datagrams: readonly Buffer[]): Promise<void> {
  const socket = dgram.createSocket("udp4");
  const start = nowMs();
  for (let i = 0; i < datagrams.length; i += 50) {
    const batch = datagrams.slice(i, i + 50);
    await Promise.all(batch.map((d) => new Promise((resolve) => socket.send(d, port, "127.0.0.1", resolve))));
    await untilMs(start + i / 5);
  }
  socket.close();
}

/** What is said to a TCP port before it is hung up on. */
async function speak(port: number, data: Buffer): Promise<void> {
  const socket = net.connect(port, "127.0.0.1");
  socket.on("error", () => undefined); // being thrown out is the right answer
  await new Promise((resolve) => socket.once("connect", resolve).once("close", resolve));
  socket.end(data);
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
}

const VALID = [
  `INVITE sip:${SUPPORT_NUMBER}@127.0.0.1 SIP/2.0`,
  "Via: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bKgarbage",
  "Max-Forwards: 70",
  "From: <sip:garbage@127.0.0.1>;tag=1",
  `To: <sip:${SUPPORT_NUMBER}@127.0.0.1>`,
  "Call-ID: garbage",
  "CSeq: 1 INVITE",
  "Contact: <sip:garbage@127.0.0.1:5999>",
  "Content-Length: 0",
  "",
  "",
].join("\r\n");

/** A valid message, broken in one of many ways; the same ways in every run. */
function broken(n: number): Buffer {
  const lines = VALID.split("\r\n");
  const at = n % 9;
  switch (n % 8) {
    case 0:
      return Buffer.from(lines.filter((_, i) => i !== at).join("\r\n")); // a line is missing
    case 1:
      return Buffer.from(VALID.slice(0, (n * 7) % VALID.length)); // cut off
    case 2:
      return Buffer.from(lines.map((l, i) => (i === at ? l.replace(/[:;@<]/g, "\u0000") : l)).join("\r\n"));
    case 3:
      return Buffer.from(VALID.replace("SIP/2.0", "SIP/9.9"));
    case 4:
      return Buffer.from(VALID.replace("CSeq: 1", "CSeq: 99999999999999999999"));
    case 5:
      return Buffer.from(VALID.replace("Content-Length: 0", `Content-Length: ${n * 1000 - 5}`));
    case 6:
      return Buffer.from(VALID.replace("garbage@", `${"x".repeat((n * 13) % 6000)}@`));
    default:
      return Buffer.from(lines.map((l, i) => (i === at ? `${l}\r\n${l}\r\n ${l}` : l)).join("\r\n"));
  }
}

const randomDatagrams = (count: number): Buffer[] =>
  Array.from({ length: count }, () => randomBytes(randomInt(1, 1200)));

describe("[SG-5] garbage during a call", () => {
  it("is dropped, refused or ignored on every port, while both keep hearing each other", async () => {
    const { media } = await product.dump();
    expect(media.value.threads.length).toBeGreaterThan(0);
    const rtp = customer.call.remoteAudio!.port;
    const from = nowMs();
    await flood(product.ports["sip"]!, randomDatagrams(5_000));
    await flood(rtp, randomDatagrams(4_000));
    await flood(rtp + 1, randomDatagrams(1_000));
    await flood(
      product.ports["sip"]!,
      Array.from({ length: 1_000 }, (_, n) => broken(n)),
    );
    const to = nowMs();
    await Promise.all([
      hears(customer, { tones: [700], not: [440], forMs: 1000 }),
      hears(one.agent, { tones: [440], not: [700], forMs: 1000 }),
    ]);
    expect(await gapMs(customer, 700, from, to)).toBeLessThan(250);
  }, 60_000);

  it("harms nothing over TCP, WebSocket and HTTP either", async () => {
    for (const name of ["sip", "sipWs", "http", "ops", "media", "admin", "engineHttp"]) {
      const port = product.ports[name]!;
      await speak(port, randomBytes(4_000));
      await speak(port, Buffer.from(`GET /${"%".repeat(200)} HTTP/1.1\r\nHost: x\r\n\r\n`));
      await speak(port, Buffer.from(VALID.replace("UDP", "TCP").replace("Content-Length: 0", "Content-Length: -1")));
    }
    const origin = new URL(product.page);
    const upgrade = (path: string, more: string): Buffer =>
      Buffer.from(
        `GET ${path} HTTP/1.1\r\nHost: ${origin.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`,
      );
    await speak(product.ports["http"]!, upgrade("/sip", ""));
    await speak(product.ports["http"]!, upgrade("/sip", "Origin: not a url\r\n"));
    await speak(product.ports["http"]!, upgrade("/%E0%A4%A", ""));
    await Promise.all([hears(customer, { tones: [700], not: [440] }), hears(one.agent, { tones: [440], not: [700] })]);
  }, 60_000);

  it("restarted no process, and left nothing behind when the call ends", async () => {
    expect(product.pids()).toEqual(before);
    expect(product.crashes).toEqual([]);
    expect(customer.continuity()).toMatchObject({ ssrcs: 1, disordered: 0 });
    customer.call.hangUp();
    await one.wrapUp();
    await product.isEmpty();
  }, 30_000);
});
