import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { pino } from "pino";
import { TestEngine } from "../support/engine.js";
import { WsPeer } from "../support/peer.js";
import { SDP } from "../support/sip.js";
import { Sipp } from "../support/sipp.js";

let engine: TestEngine;
let logged: Record<string, unknown>[];

beforeEach(async () => {
  logged = [];
  const write = (line: string): void => void logged.push(JSON.parse(line) as Record<string, unknown>);
  engine = await TestEngine.startLogging(pino({ level: "info" }, { write }));
});
afterEach(() => engine.stop());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
}

/** One request with exactly these headers. */
async function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const port = engine.server.addresses.http ?? 0;
  const request = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent: false });
  request.end(body);
  const [response] = (await once(request, "response")) as [
    AsyncIterable<Buffer> & { statusCode: number; headers: Answer["headers"] },
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { status: response.statusCode, headers: response.headers, bytes, text: bytes.toString("utf8") };
}

interface ListedCall {
  readonly id: number;
  readonly callId: string;
  readonly from: string;
  readonly messages: number;
  readonly result: string;
}

async function calls(): Promise<readonly ListedCall[]> {
  return (JSON.parse((await ask("GET", "/trace")).text) as { calls: ListedCall[] }).calls;
}

async function answering(): Promise<void> {
  const srf = await engine.app();
  srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: SDP }));
  await engine.routed("invite");
}

async function call(): Promise<void> {
  await (
    await Sipp.caller("uac-is-answered-and-hangs-up.xml", engine.port("udp"))
  ).done;
}

/** INVITE, 200 and ACK of the callee's leg lie between the 100 and the 200 of the caller's. */
function inTheMiddle(arrows: readonly string[] | null): readonly unknown[] {
  const cseq = arrows?.find((arrow) => arrow.startsWith("[2]"))?.match(/\d+ INVITE$/)?.[0] ?? "";
  return [`[2] CSeq ${cseq}`, `[2] CSeq ${cseq}`, `[2] CSeq ${cseq.replace("INVITE", "ACK")}`];
}

const browser = (name: string): Promise<WsPeer> => WsPeer.open(engine.port("ws"), "ws", name);

describe("a trace", () => {
  it("is off until asked for, draws a call, and forgets it when told to", async () => {
    await answering();
    await call();
    expect(await ask("GET", "/trace").then(({ text }) => JSON.parse(text) as unknown)).toEqual({
      recording: false,
      calls: [],
    });
    expect((await ask("PUT", "/trace", "{}")).status).toBe(200);
    await call();
    await engine.idle();
    const [one, ...others] = await calls();
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      id: 1,
      messages: 6,
      result: expect.stringMatching(/^INVITE, 200 OK after .*, BYE after/) as unknown,
    });
    const drawn = await ask("GET", "/trace/1");
    expect(drawn.headers["content-type"]).toContain("text/plain");
    const arrows = drawn.text
      .match(/[<-] (INVITE|100 Trying|200 OK|ACK|BYE) [->]/g)
      ?.map((arrow) => arrow.slice(2, -2));
    expect(arrows).toEqual(["INVITE", "100 Trying", "200 OK", "ACK", "BYE", "200 OK"]);
    expect(drawn.text).toContain("SDP 0 PCMU 127.0.0.1:7000");
    expect((await ask("GET", "/trace/1?full=1&width=133")).text).toContain(`\nCall-ID: ${one!.callId}\n`);
    await ask("DELETE", "/trace");
    expect(await calls()).toEqual([]);
    await call();
    expect(await calls()).toEqual([]);
    expect((await ask("GET", "/trace/1")).status).toBe(404);
  });

  it("takes the calls an operator asked for and no others, on every transport", async () => {
    await answering();
    await ask("PUT", "/trace", JSON.stringify({ from: "hugo", calls: 5, seconds: 60 }));
    const hugo = await browser("hugo");
    const anna = await browser("anna");
    for (const [i, one] of [hugo, anna].entries()) {
      one.request("OPTIONS", { callId: `question${i}` });
      await one.next("503 OPTIONS");
    }
    expect(await calls()).toMatchObject([{ callId: "question0", from: "sip:hugo@hugo.invalid", messages: 2 }]);
    await ask("PUT", "/trace", JSON.stringify({ peer: "127.0.0.1", number: "no*body" }));
    await call();
    expect(await calls()).toEqual([]);
  });

  it("shows no credentials in any form", async () => {
    await ask("PUT", "/trace", "{}");
    const hugo = await browser("hugo");
    const proof = "d41d8cd98f00b204e9800998ecf8427e";
    hugo.request("REGISTER", { headers: [`Authorization: Digest username="hugo", nonce="n1", response="${proof}"`] });
    await hugo.next("503 REGISTER");
    for (const path of ["/trace", "/trace/1?full=1", "/trace/1.json", "/trace/1.pcap", "/trace.pcap", "/trace.json"]) {
      const { status, bytes } = await ask("GET", path);
      expect([path, status]).toEqual([path, 200]);
      expect(bytes.includes(proof)).toBe(false);
    }
    expect((await ask("GET", "/trace/1.pcap")).bytes.includes('nonce="n1", response="****')).toBe(true);
  });

  it("exports what went over the wire: pcap with all octets, JSON with all texts", async () => {
    await answering();
    await ask("PUT", "/trace", "{}");
    await call();
    const pcap = (await ask("GET", "/trace.pcap")).bytes;
    expect(pcap.readUInt32LE(0)).toBe(0xa1b2c3d4);
    const { messages } = JSON.parse((await ask("GET", "/trace/1.json")).text) as {
      messages: { text: string; title: string; direction: string; offset: number }[];
    };
    expect(messages.map(({ title, direction }) => `${direction} ${title}`)).toEqual([
      "in INVITE",
      "out 100 Trying",
      "out 200 OK",
      "in ACK",
      "in BYE",
      "out 200 OK",
    ]);
    for (const { text } of messages) expect(pcap.includes(text.replaceAll("\n", "\r\n"))).toBe(true);
    const offsets = messages.map(({ offset }) => offset);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  });

  it("joins both sides of a back-to-back call by a number that is in both", async () => {
    const srf = await engine.app();
    srf.register((req, res) => res.send(200, { headers: { Contact: req.get("Contact"), Expires: "600" } }));
    srf.invite((req, res) => {
      const from = { From: "<sip:+4722334455@engine.invalid>" };
      void srf
        .createUAC("sip:anna@anna.invalid;transport=ws", { localSdp: SDP, headers: from })
        .then(() => srf.createUAS(req, res, { localSdp: SDP }));
    });
    await engine.routed("invite");
    await engine.routed("register");
    const anna = await browser("anna");
    anna.request("REGISTER", { contact: `${anna.contact};expires=600` });
    await anna.next("200 REGISTER");
    await ask("PUT", "/trace", JSON.stringify({ from: "4722334455" }));
    const customer = await browser("+4722334455");
    customer.request("INVITE", { callId: "inbound" });
    anna.respond(await anna.next("INVITE"), "200 OK", { headers: ["Content-Type: application/sdp"] });
    await customer.next("200 INVITE");
    expect((await calls()).map(({ callId }) => callId)).toEqual(["inbound", expect.stringMatching(/./)]);
    const arrows = (await ask("GET", "/trace.txt")).text.match(/\[[12]\] CSeq \d+ \w+/g);
    expect(arrows).toEqual(["[1] CSeq 1 INVITE", "[1] CSeq 1 INVITE", ...inTheMiddle(arrows), "[1] CSeq 1 INVITE"]);
  });

  it("ends when its time is over and keeps what it has", async () => {
    await ask("PUT", "/trace", JSON.stringify({ seconds: 1 }));
    const hugo = await browser("hugo");
    const asked = async (callId: string): Promise<void> => {
      hugo.request("OPTIONS", { callId });
      await hugo.next("503 OPTIONS");
    };
    await asked("early");
    let i = 0;
    while (!logged.some(({ msg }) => msg === "trace ended: its time is over")) await asked(`next${i++}`);
    const recorded = (await calls()).length;
    await asked("late");
    expect((await calls()).length).toBe(recorded);
    expect((await ask("GET", "/trace")).text).toContain('"recording":false');
    expect((await calls())[0]!.callId).not.toBe("late");
  });

  it("tells a client that nothing is new", async () => {
    await ask("PUT", "/trace", "{}");
    const { headers } = await ask("GET", "/trace.txt");
    const tag = String(headers["etag"]);
    expect((await ask("GET", "/trace.txt", undefined, { "If-None-Match": tag })).status).toBe(304);
    await call().catch(() => undefined);
    expect((await ask("GET", "/trace.txt", undefined, { "If-None-Match": tag })).status).toBe(200);
  });
});

describe("the log", () => {
  it("tells each message with its Call-ID at debug, switched on and off over HTTP", async () => {
    await answering();
    await call();
    expect(logged.filter(({ msg }) => msg === "message")).toEqual([]);
    expect(JSON.parse((await ask("PUT", "/log-level", '{"level":"debug"}')).text)).toEqual({ level: "debug" });
    await call();
    const messages = logged.filter(({ msg }) => msg === "message");
    expect(messages.map(({ direction, title }) => `${String(direction)} ${String(title)}`)).toEqual([
      "in INVITE",
      "out 100 Trying",
      "out 200 OK",
      "in ACK",
      "in BYE",
      "out 200 OK",
    ]);
    expect(new Set(messages.map(({ callId }) => callId)).size).toBe(1);
    expect(messages[0]).toMatchObject({
      callId: expect.stringMatching(/@127\.0\.0\.1$/) as unknown,
      transport: "udp",
      cseq: "1 INVITE",
    });
    await ask("PUT", "/log-level", '{"level":"info"}');
    const before = logged.length;
    await call();
    expect(logged.slice(before).filter(({ msg }) => msg === "message")).toEqual([]);
    expect(JSON.parse((await ask("GET", "/log-level")).text)).toEqual({ level: "info" });
    expect(logged.filter(({ msg }) => msg === "log level changed")).toHaveLength(2);
  });
});

describe("the HTTP endpoint", () => {
  it("answers what it does not know: 404, 405 with Allow, 400, 413", async () => {
    const status = async (...what: Parameters<typeof ask>): Promise<number> => (await ask(...what)).status;
    for (const path of ["/", "/tracer", "/trace/", "/trace/x", "/trace/7", "/trace/1.exe", "/health/", "//", "/%zz"]) {
      expect([path, await status("GET", path)]).toEqual([path, 404]);
    }
    for (const [method, path, allow] of [
      ["POST", "/trace", "GET, PUT, DELETE"],
      ["PUT", "/trace/1", "GET"],
      ["DELETE", "/log-level", "GET, PUT"],
      ["OPTIONS", "/trace", "GET, PUT, DELETE"],
      ["POST", "/health", "GET"],
    ] as const) {
      const answer = await ask(method, path);
      expect([answer.status, answer.headers["allow"]]).toEqual([405, allow]);
    }
    expect(await status("PUT", "/trace", "{")).toBe(400);
    expect(await status("PUT", "/trace", '{"seconds":-1}')).toBe(400);
    expect(await status("PUT", "/log-level", '{"level":"loud"}')).toBe(400);
    expect(await status("PUT", "/log-level", "null")).toBe(400);
    expect(await status("GET", "/trace.txt?width=7")).toBe(400);
    expect(await status("PUT", "/trace", "x".repeat(100_000))).toBe(413);
    expect(await status("GET", "/health")).toBe(200);
  });

  it("refuses what a web page of another site could have sent", async () => {
    const port = String(engine.server.addresses.http);
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await ask("GET", "/trace", undefined, headers)).status;
    for (const host of [`127.0.0.1:${port}`, "localhost", `localhost:${port}`, "LOCALHOST"])
      expect([host, await status({ Host: host })]).toEqual([host, 200]);
    for (const host of [
      "rebound.example",
      `rebound.example:${port}`,
      "127.0.0.1.nip.example",
      "192.0.2.1",
      "a:b:c",
      "127.0.0.1@x",
    ]) {
      expect([host, await status({ Host: host })]).toEqual([host, 403]);
    }
    expect(await status({ Origin: "https://page.example" })).toBe(403);
    expect(await status({ Origin: "null" })).toBe(403);
    expect(await status({ "Sec-Fetch-Site": "cross-site" })).toBe(403);
    expect(await status({ "Sec-Fetch-Site": "none" })).toBe(200);
    expect((await ask("DELETE", "/trace", undefined, { Host: "rebound.example" })).status).toBe(403);
  });
});
