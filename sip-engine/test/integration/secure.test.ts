import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import { WebSocket } from "ws";
import { TestEngine, until } from "./support/engine.js";
import type { SrfApp } from "./support/srf.js";

let dir: string;
let engine: TestEngine;
let srf: SrfApp;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "tls-"));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  execFileSync("openssl", [...request, "-subj", "/CN=localhost", "-keyout", key, "-out", cert], { stdio: "ignore" });
  const listeners = ["--sip", "tls:127.0.0.1:0", "--sip", "wss:127.0.0.1:0"];
  engine = await TestEngine.start(...listeners, "--tls-cert", cert, "--tls-key", key, "--tls-verify", "false");
  srf = await engine.app();
});
afterEach(async () => {
  await engine.stop();
  rmSync(dir, { recursive: true });
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
    const credentials = { cert: readFileSync(join(dir, "cert.pem")), key: readFileSync(join(dir, "key.pem")) };
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
