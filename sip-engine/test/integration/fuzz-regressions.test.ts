import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { serialise } from "../../src/sip/message.js";
import { parseMessage } from "../../src/sip/parse-message.js";
import { StreamReader } from "../../src/sip/stream-reader.js";
import { TestEngine } from "../support/engine.js";
import { WsPeer } from "../support/peer.js";
import { Sipp } from "../support/sipp.js";

interface Regression {
  readonly about: string;
  readonly target: "parser" | "stream" | "udp" | "tcp" | "ws" | "frames";
  readonly inputs: readonly string[];
}

const FOLDER = fileURLToPath(new URL("../../fuzz/regressions/", import.meta.url));
const SDP = "v=0\r\no=app 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";
/** Sizes of the pieces a stream is cut into: odd ones, so that every boundary is met. */
const PIECES = [1, 7, 61, 499, 4001];

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
const regressions = files.map((name): [string, Regression] => [
  name,
  JSON.parse(readFileSync(FOLDER + name, "utf8")) as Regression,
]);

let engine: TestEngine;

beforeAll(async () => {
  engine = await TestEngine.start();
  const srf = await engine.app();
  srf.invite(async (req, res) => {
    await srf.createUAS(req, res, { localSdp: SDP });
  });
  await engine.routed("invite");
});
afterAll(() => engine.stop());

function readsWhatItWrites(octets: string): void {
  const parsed = parseMessage(octets);
  if (!parsed.ok) return;
  const once = serialise(parsed.message);
  const again = parseMessage(once);
  expect(again.ok && serialise(again.message)).toBe(once);
}

function messagesIn(stream: string, size: number): string[] {
  const reader = new StreamReader();
  const found: string[] = [];
  for (let at = 0; at < stream.length; at += size) {
    for (const event of reader.push(stream.slice(at, at + size)))
      if (event.type === "message") found.push(event.octets);
  }
  return found;
}

async function send(target: Regression["target"], octets: string): Promise<void> {
  const bytes = Buffer.from(octets, "latin1");
  if (target === "udp") {
    const socket = createSocket("udp4");
    await new Promise((resolve) => socket.send(bytes, engine.port("udp"), "127.0.0.1", resolve));
    socket.close();
  } else if (target === "ws") {
    const browser = await WsPeer.open(engine.port("ws"));
    browser.socket.send(bytes);
    browser.socket.close();
    await once(browser.socket, "close");
  } else {
    const socket = connect(target === "tcp" ? engine.port("tcp") : engine.server.addresses.admin, "127.0.0.1");
    socket.on("error", () => undefined);
    const closed = once(socket, "close");
    socket.resume();
    socket.end(bytes);
    await closed;
  }
}

describe("what the fuzzer found", () => {
  it.each(regressions)("%s", async (_name, { target, inputs }) => {
    for (const octets of inputs) {
      if (target === "parser") readsWhatItWrites(octets);
      else if (target === "stream") {
        for (const size of PIECES) expect(messagesIn(octets, size)).toEqual(messagesIn(octets, octets.length));
      } else await send(target, octets);
    }
    if (target === "parser" || target === "stream") return;
    await (
      await Sipp.caller("uac-is-answered-and-hangs-up.xml", engine.port("udp"))
    ).done;
    expect(engine.server.engine.context.metrics.value("internal_errors_total")).toBe(0);
    await engine.idle();
  });
});
