import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import { WebSocket } from "ws";
import { selfSigned } from "../support/certificate.js";
import type { Certificate } from "../support/certificate.js";
import { TestEngine, until } from "../support/engine.js";
import type { SrfApp } from "../support/srf.js";

let certificate: Certificate;
let engine: TestEngine;
let srf: SrfApp;

beforeEach(async () => {
  certificate = selfSigned();
  const { cert, key } = certificate;
  const listeners = ["--sip", "tls:127.0.0.1:0", "--sip", "wss:127.0.0.1:0"];
  engine = await TestEngine.start(...listeners, "--tls-cert", cert, "--tls-key", key, "--tls-verify", "false");
  srf = await engine.app();
});
afterEach(async () => {
  await engine.stop();
  certificate.remove();
});

const options = (transport: string): string =>
  [
    "OPTIONS sip:x@localhost SIP/2.0",
    `Via: SIP/2.0/${transport} 127.0.0.1:9;branch=z9hG4bK${transport}`,
    "From: <sip:a@b>;tag=1",
    "To: <sip:c@d>",
    `Call-ID: ${transport}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");

describe("encrypted transports", () => {
  it("serve SIP over TLS and secure WebSocket alike", async () => {
    srf.options((_req, res) => res.send(200));
    await engine.routed("options");
    const tls = connect({ port: engine.port("tls"), host: "127.0.0.1", rejectUnauthorized: false });
    let text = "";
    tls.on("data", (chunk: Buffer) => (text += chunk.toString()));
    tls.write(options("TLS"));
    await until(() => text.startsWith("SIP/2.0 200 OK"), "no answer over TLS");
    const socket = new WebSocket(`wss://127.0.0.1:${engine.port("wss")}/`, "sip", { rejectUnauthorized: false });
    await once(socket, "open");
    socket.send(options("WSS"));
    const [answer] = (await once(socket, "message")) as [Buffer];
    expect(answer.toString()).toMatch(/^SIP\/2\.0 200 OK/);
    tls.destroy();
    socket.terminate();
  });

  it("reach a sips: URI over TLS with a sips: Contact", async () => {
    const credentials = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
    const server = createServer(credentials);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const call = srf.createUAC(`sips:x@127.0.0.1:${port}`, { localSdp: "v=0\r\n" });
    call.catch(() => undefined);
    const [peer] = (await once(server, "secureConnection")) as [TLSSocket];
    const [chunk] = (await once(peer, "data")) as [Buffer];
    const invite = chunk.toString();
    expect(invite).toMatch(new RegExp(`Via: SIP/2\\.0/TLS 127\\.0\\.0\\.1:${engine.port("tls")};branch=`));
    expect(invite).toContain(`Contact: <sips:127.0.0.1:${engine.port("tls")};transport=tls>`);
    peer.destroy();
    await expect(call).rejects.toMatchObject({ status: 503 });
    server.close();
    await engine.idle();
  });
});
