import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { tortureMessages } from "../../src/sip/torture.test-support.js";
import { TestEngine, until } from "../support/engine.js";
import type { SrfApp, SrfRequest } from "../support/srf.js";
import { TcpPeer, UdpPeer, request, valueOf } from "../support/wire.js";

const MESSAGES = tortureMessages(readFileSync(new URL("../torture/rfc4475.txt", import.meta.url), "latin1"));

let engine: TestEngine;
let peer: UdpPeer;
const offered: SrfRequest[] = [];

beforeAll(async () => {
  engine = await TestEngine.start();
  const app = (await engine.app()) as SrfApp & Record<string, (handler: unknown) => void>;
  for (const verb of ["invite", "register", "message", "options"] as const) {
    app[verb]((req: SrfRequest, res: { send(status: number): void }) => {
      offered.push(req);
      res.send(verb === "invite" ? 486 : 200);
    });
    await engine.routed(verb);
  }
  peer = await UdpPeer.open();
});
afterAll(async () => {
  peer.socket.close();
  await engine.stop();
});

let questions = 0;

/** What the engine answers to a message before it answers a question asked after it. */
async function answersTo(octets: string): Promise<string[]> {
  peer.send(octets, engine.port("udp"));
  const id = `question${++questions}`;
  peer.send(request("OPTIONS", id, `UDP 127.0.0.1:${peer.port}`), engine.port("udp"));
  // The app may be slower than the refusals of the engine itself.
  await until(() => offered.some((req) => req.get("Call-ID") === id), "no question asked");
  await until(() => peer.all.some(({ text }) => valueOf(text, "Call-ID") === id), "no answer to the question");
  const said = peer.all.splice(0).map(({ text }) => text);
  // Answers to earlier messages are repeated until their ACK.
  const callId = /^(?:Call-ID|i)[ \t]*:[ \t]*(.*)\r$/im.exec(octets)?.[1] ?? "";
  return said.filter((text) => valueOf(text, "Call-ID") === callId);
}

/** Some messages share a branch: told apart, they are no repetitions of one another. */
const alone = (name: string, octets: string): string =>
  octets.replace(/branch=z9hG4bK(?=[-\w])/g, `branch=z9hG4bK${name}`);

describe("torture tests of RFC 4475 over the wire", () => {
  it("are all there", () => {
    expect(MESSAGES).toHaveLength(49);
    expect(new Set(MESSAGES.map(({ name }) => name)).size).toBe(49);
  });

  for (const { section, name, verdict, title, octets } of MESSAGES) {
    it(`${section} ${name}: ${title}: ${verdict}`, async () => {
      offered.length = 0;
      const said = await answersTo(alone(name, octets));
      const got = offered.filter((req) => !req.get("Call-ID").startsWith("question"));
      const statuses = said.map((text) => text.slice(8, 11)).filter((status) => status !== "100");
      const expected = { app: [/^INVITE/i.test(octets) ? "486" : "200"], dropped: [] }[verdict] ?? [verdict];
      // An answer may have been repeated already.
      expect([...new Set(statuses)]).toEqual(expected);
      expect(got).toHaveLength(verdict === "app" ? 1 : 0);
      expect(engine.server.engine.context.metrics.value("internal_errors_total")).toBe(0);
    });
  }

  it("501 tells what is understood", async () => {
    const [message] = MESSAGES.filter(({ name }) => name === "intmeth");
    const again = message!.octets.replace("z9hG4bK-", "z9hG4bK-again");
    expect(valueOf((await answersTo(again))[0] ?? "", "Allow")).toContain("INVITE, ACK, CANCEL, BYE");
  });

  it("two requests whose branch is the bare cookie are two requests", async () => {
    const [message] = MESSAGES.filter(({ name }) => name === "badbranch");
    offered.length = 0;
    for (const callId of ["bare1", "bare2"]) {
      const said = await answersTo(message!.octets.replace(/Call-ID: .*/, `Call-ID: ${callId}`));
      expect(said.map((text) => valueOf(text, "Call-ID"))).toEqual([callId]);
    }
  });

  it("over TCP: each that a stream allows leaves the connection fit for the next", async () => {
    // Their lengths lie, so nobody could tell where the next message begins.
    const broken = new Set(["clerr", "ncl", "mcl01", "inv2543", "dblreq"]);
    const tcp = await TcpPeer.open(engine.port("tcp"));
    const fit = MESSAGES.filter(({ name }) => !broken.has(name));
    for (const { name, octets } of fit) tcp.write(alone(`tcp${name}`, octets));
    tcp.write(request("OPTIONS", "last", "TCP 127.0.0.1:9"));
    await until(() => tcp.text.includes("Call-ID: last"), "stream lost");
    tcp.socket.destroy();
  });
});
