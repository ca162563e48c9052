import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { TestEngine, until } from "../support/engine.js";
import { newSrf } from "../support/srf.js";
import type { SrfApp } from "../support/srf.js";
import { UdpPeer, request } from "../support/wire.js";

/** Octets that a length in characters would count wrongly, and that look like the beginning of a frame. */
const BODY = "22#æøå 😀|12#\r\n";

let engine: TestEngine;
let relay: Server;
const sockets: Socket[] = [];

beforeEach(async () => {
  engine = await TestEngine.start();
});
afterEach(async () => {
  relay.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  await engine.stop();
});

/**
 * An app that reads what the engine sends as a bad network would hand it over: in pieces, each in a turn of its own.
 * @param size length of the next piece, bytes
 */
async function appBehind(size: () => number): Promise<SrfApp> {
  relay = createServer((app) => {
    const toEngine = connect(engine.server.addresses.admin, "127.0.0.1");
    sockets.push(app, toEngine);
    app.setNoDelay(true);
    app.on("error", () => undefined);
    app.pipe(toEngine);
    // Ends with an error when one of the two has gone.
    handOver(toEngine, app, size).catch(() => undefined);
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const srf = newSrf();
  const connected = once(srf as never, "connect");
  srf.connect({ host: "127.0.0.1", port: (relay.address() as { port: number }).port, secret: "s3cret" });
  await connected;
  return srf;
}

async function handOver(from: Socket, to: Socket, size: () => number): Promise<void> {
  from.on("error", () => undefined);
  for await (const chunk of from as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + size());
      at += piece.length;
      await new Promise((resolve) => to.write(piece, resolve));
      await new Promise(setImmediate);
    }
  }
}

function repeating(...sizes: readonly number[]): () => number {
  let index = 0;
  return () => sizes[index++ % sizes.length]!;
}

describe("drachtio-srf reads the engine's frames", () => {
  it.each([
    ["byte by byte", repeating(1), 20],
    ["cut inside lengths, characters and headers", repeating(1, 2, 3, 5, 7, 11, 13, 400), 100],
    ["with many of them in one piece, and cut somewhere", repeating(4001, 1, 65_536), 2000],
  ])("%s", async (_name, size, count) => {
    const srf = await appBehind(size);
    const bodies = new Map<string, string>();
    let echoes = 0;
    srf.message((req, res) => {
      bodies.set(req.get("Call-ID"), req.body);
      res.send(200, { body: req.body, headers: { "Content-Type": "text/plain" } }, () => echoes++);
    });
    await engine.routed("message");
    const peer = await UdpPeer.open();
    const octets = Buffer.from(BODY, "utf8").toString("latin1");
    for (let i = 0; i < count; i++) {
      const headers = ["Content-Type: text/plain", `Content-Length: ${octets.length}`];
      peer.send(request("MESSAGE", `m${i}`, `UDP 127.0.0.1:${peer.port}`, ...headers) + octets, engine.port("udp"));
      // No faster than UDP bears.
      if (i % 50 === 49) await new Promise(setImmediate);
    }
    await until(
      () => echoes === count,
      () => `${echoes} of ${count} echoes`,
    );
    expect(bodies.size).toBe(count);
    expect(new Set(bodies.values())).toEqual(new Set([BODY]));
    srf.disconnect();
    peer.socket.close();
  });
});
