import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { Server as TcpServer } from "node:net";
import { TestEngine, until } from "../support/engine.js";
import { newSrf } from "../support/srf.js";
import { Sipp } from "../support/sipp.js";

let web: Server;
let engine: TestEngine;
let answer: (query: URLSearchParams) => { status?: number; json: unknown };
const asked: URLSearchParams[] = [];

beforeEach(async () => {
  asked.length = 0;
  web = createServer((request, response) => {
    const query = new URL(request.url ?? "", "http://x").searchParams;
    asked.push(query);
    const { status = 200, json } = answer(query);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
  });
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
  const { port } = web.address() as { port: number };
  engine = await TestEngine.start("--route", `invite=http://127.0.0.1:${port}/route`);
});
afterEach(async () => {
  await engine.stop();
  web.closeAllConnections();
  web.close();
});

/** Sends one INVITE and returns the start lines of what comes back, the last being final. */
async function call(): Promise<string[]> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const lines: string[] = [];
  socket.on("message", (datagram) => lines.push(datagram.toString()));
  const { port } = socket.address();
  const invite = [
    "INVITE sip:100@127.0.0.1 SIP/2.0",
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKout${port}`,
    "From: <sip:alice@b>;tag=1",
    "To: <sip:bob@d>",
    `Call-ID: out${port}`,
    "CSeq: 1 INVITE",
    `Contact: <sip:alice@127.0.0.1:${port}>`,
    "Content-Length: 0",
    "",
    "",
  ];
  socket.send(invite.join("\r\n"), engine.port("udp"), "127.0.0.1");
  await until(() => lines.some((text) => /^SIP\/2\.0 [2-6]/.test(text)), "no final response");
  socket.close();
  return lines;
}

describe("routing by a web server", () => {
  it("rejects, redirects, and answers nonsense with 500 and unknown tags with 480", async () => {
    const cases: [unknown, RegExp][] = [
      [{ action: "reject", data: { status: 404, reason: "No Such User" } }, /^SIP\/2\.0 404 No Such User/],
      [
        { action: "redirect", data: { contact: ["<sip:a@x>", "<sip:b@x>"] } },
        /^SIP\/2\.0 302 Moved[^]*<sip:a@x>[^]*<sip:b@x>/,
      ],
      [{ action: "dance" }, /^SIP\/2\.0 500/],
      [{ action: "route", data: { tag: "nobody" } }, /^SIP\/2\.0 480/],
      [{ action: "route", data: { uri: "127.0.0.1:9" } }, /^SIP\/2\.0 480/],
    ];
    for (const [json, expected] of cases) {
      answer = () => ({ json });
      const lines = await call();
      expect(lines[0]).toMatch(/^SIP\/2\.0 100 Trying/);
      expect(lines.at(-1)).toMatch(expected);
    }
    expect(asked[0]?.get("fromUser")).toBe("alice");
    expect(asked[0]?.get("uriUser")).toBe("100");
  });

  it("connects to the app it is told, which answers the call and keeps the connection until it ends", async () => {
    const listener: TcpServer = createTcpServer();
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as { port: number };
    const srf = newSrf();
    srf.invite((req, res) => {
      void srf.createUAS(req, res, { localSdp: req.body }).then((dialog) => {
        dialog.on("destroy", () => srf.endSession(req));
      });
    });
    srf.listen({ server: listener, secret: "s3cret" });
    answer = () => ({ json: { action: "route", data: { uri: `127.0.0.1:${port}` } } });
    await (
      await Sipp.caller("uac-is-answered-and-hangs-up.xml", engine.port("udp"))
    ).done;
    await until(() => engine.apps().length === 0, "app still connected");
    listener.close();
    await engine.idle();
  });

  it("a caller that gives up while the question is out gets 487", async () => {
    let release: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (release = resolve));
    web.removeAllListeners("request");
    web.on("request", (_request, response) => {
      void waiting.then(() => response.end(JSON.stringify({ action: "reject", data: { status: 404 } })));
    });
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const texts: string[] = [];
    socket.on("message", (datagram) => texts.push(datagram.toString().split("\r\n")[0] ?? ""));
    const { port } = socket.address();
    const request = (method: string): string =>
      [
        `${method} sip:100@127.0.0.1 SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKwait`,
        "From: <sip:alice@b>;tag=1",
        "To: <sip:bob@d>",
        "Call-ID: wait",
        `CSeq: 1 ${method}`,
        "",
        "",
      ].join("\r\n");
    socket.send(request("INVITE"), engine.port("udp"), "127.0.0.1");
    await until(() => texts.length === 1, "no 100");
    socket.send(request("CANCEL"), engine.port("udp"), "127.0.0.1");
    await until(() => texts.some((text) => text.startsWith("SIP/2.0 487")), "no 487");
    socket.send(request("ACK"), engine.port("udp"), "127.0.0.1");
    release();
    await engine.idle();
    expect(texts.filter((text) => text.startsWith("SIP/2.0 404"))).toEqual([]);
    socket.close();
  });
});
