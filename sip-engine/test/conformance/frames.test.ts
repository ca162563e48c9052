import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/engine.js";
import { FrameClient, verdict, WITH_SDP } from "../support/frame-client.js";
import { nextOf, World } from "../support/world.js";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

const stranger = async (): Promise<FrameClient> => world.keep(await FrameClient.connect(world.adminPort));
const frame = (payload: string): Buffer => Buffer.from(`${Buffer.byteLength(payload)}#${payload}`);

describe("frames", () => {
  it("C1 E1 reads a frame that comes byte by byte, and many that come at once", async () => {
    const app = await stranger();
    app.socket.setNoDelay(true);
    for (const byte of frame("m0|authenticate|s3cret|")) {
      await new Promise((resolve) => app.socket.write(Buffer.from([byte]), resolve));
    }
    expect(verdict(await app.answer("m0"))).toBe("OK");
    const ids = Array.from({ length: 50 }, (_, i) => `n${i}`);
    app.socket.write(Buffer.concat(ids.map((id) => frame(`${id}|ping`))));
    for (const id of ids) expect((await app.answer(id)).tokens.slice(1)).toEqual(["response", id, "OK", "pong"]);
  });

  it("C1 answers with a message id of its own: a version 4 UUID first, then the type", async () => {
    const app = await world.app();
    const { tokens } = await app.ask("ping");
    expect(tokens[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("C1 E1 counts bytes, not characters: 100 kB of UTF-8 with # and | go both ways untouched", async () => {
    const body = "bær|smør#é😀".repeat(8000);
    const [app, phone] = [await world.app("message"), await world.tcpPeer()];
    const headers = ["Content-Type: text/plain"];
    const request = phone.request("MESSAGE", { headers, body });
    const arrived = await nextOf(app, request);
    expect(Buffer.byteLength(body)).toBeGreaterThan(100_000);
    expect(arrived.sip.body).toBe(body);
    const echo = await app.respond(arrived.tokens[8]!, "200 OK", { headers, body });
    expect(echo.sip.body).toBe(body);
    const answer = await phone.next("200 MESSAGE");
    expect(answer.body).toBe(body);
    expect(answer.header("Content-Length")).toBe(String(Buffer.byteLength(body)));
  });

  it("C1 takes the length of a body from the frame, whatever Content-Length the app counted", async () => {
    const [app, phone] = [await world.app("message"), await world.peer()];
    const { tokens } = await nextOf(app, phone.request("MESSAGE"));
    await app.respond(tokens[8]!, "200 OK", {
      headers: ["Content-Type: text/plain", "Content-Length: 2"],
      body: "æøå",
    });
    const answer = await phone.next("200 MESSAGE");
    expect([answer.body, answer.header("Content-Length")]).toEqual(["æøå", "6"]);
  });

  it("C1 closes on a length that is no number, and on a type nobody knows, which it names", async () => {
    const first = await world.app();
    first.socket.write("4x#ping");
    await first.closed;
    const second = await world.app();
    const answer = await second.ask("utilization");
    expect(answer.tokens.slice(3)).toEqual(["NO", "unknown message type: utilization"]);
    await second.closed;
  });
});

describe("authentication", () => {
  it("C2 answers OK with addresses, a version drachtio-srf understands, and local addresses", async () => {
    const app = await stranger();
    const { tokens } = await app.authenticate();
    expect(tokens).toHaveLength(7);
    expect([tokens[1], tokens[3]]).toEqual(["response", "OK"]);
    const ports = (["udp", "tcp", "ws"] as const).map((name) => `${name}/127.0.0.1:${world.port(name)}`);
    expect(tokens[4]!.split(",").sort()).toEqual([...ports].sort());
    expect(tokens[6]).toBe(tokens[4]);
    const [major = 0, minor = 0, patch = 0] = /^v(\d+)\.(\d+)\.(\d+)/.exec(tokens[5]!)!.slice(1).map(Number);
    // Below v0.8.2 drachtio-srf sends no pings.
    expect(major * 1_000_000 + minor * 1000 + patch).toBeGreaterThanOrEqual(8002);
  });

  it("C2 answers NO to a wrong secret and closes", async () => {
    const app = await stranger();
    expect((await app.authenticate("guess")).tokens.slice(3)).toEqual(["NO", "incorrect secret"]);
    await app.closed;
  });

  it("C2 refuses every other command of an app that has not authenticated, and closes", async () => {
    for (const meta of ["route|invite", "remove_route|invite", "ping", "sip||"]) {
      const app = await stranger();
      const sip = meta.startsWith("sip") ? "OPTIONS sip:a@127.0.0.1:9 SIP/2.0\r\n\r\n" : undefined;
      expect((await app.ask(meta, sip)).tokens[3]).toBe("NO");
      await app.closed;
    }
  });
});

describe("routes", () => {
  it("C3 answers route and remove_route with OK and nothing else, ping with pong", async () => {
    const app = await world.app();
    for (const meta of ["route|invite", "route|cdr:start", "remove_route|invite", "remove_route|invite"]) {
      expect((await app.ask(meta)).tokens.slice(3)).toEqual(["OK"]);
    }
    expect((await app.ask("ping")).tokens.slice(3)).toEqual(["OK", "pong"]);
  });

  it("C3 takes back the verb that is named, not the others", async () => {
    const [app, phone] = [await world.app("message", "options"), await world.peer()];
    await app.ask("remove_route|message");
    phone.request("MESSAGE");
    await phone.next("503 MESSAGE");
    const { tokens } = await nextOf(app, phone.request("OPTIONS"));
    await app.respond(tokens[8]!, "200 OK");
    await phone.next("200 OPTIONS");
  });

  it("C3 answers 503 when no app wants a method: 100 before it and a To tag for INVITE", async () => {
    const phone = await world.peer();
    for (const method of ["REGISTER", "MESSAGE", "OPTIONS", "INFO", "NOTIFY", "SUBSCRIBE", "PUBLISH"]) {
      phone.request(method);
      await phone.next(`503 ${method}`);
    }
    const invite = phone.request("INVITE");
    const refusal = await phone.next("503 INVITE");
    phone.ackRefusal(invite, refusal);
    expect(refusal.tag("To")).not.toBe("");
    expect(phone.inbox.log.slice(-2)).toEqual(["100 INVITE", "503 INVITE"]);
  });

  it("C3 E2 takes turns between two apps, also when one has asked for the verb several times", async () => {
    const [one, two] = [await world.app("options"), await world.app("options")];
    await one.route("options", "options");
    const phone = await world.peer();
    for (let i = 0; i < 6; i++) phone.request("OPTIONS");
    for (const app of [one, two]) {
      for (let i = 0; i < 3; i++) await app.respond((await app.next("OPTIONS")).tokens[8]!, "200 OK");
      expect(app.inbox.open).toEqual([]);
    }
  });

  it("C3 E2 passes over an app that is gone; one that comes back and asks again is served again", async () => {
    const phone = await world.peer();
    const [gone, stays] = [await world.app("options"), await world.app("options")];
    gone.close();
    await until(() => world.engine.apps().length === 1, "both apps are connected");
    const first = await nextOf(stays, phone.request("OPTIONS"));
    await stays.respond(first.tokens[8]!, "200 OK");
    const back = await world.app("options");
    const both = [phone.request("OPTIONS"), phone.request("OPTIONS")];
    for (const app of [stays, back]) {
      const frame = await app.next("OPTIONS");
      expect(both.map((sip) => sip.branch)).toContain(frame.sip.branch);
      await app.respond(frame.tokens[8]!, "200 OK", WITH_SDP);
    }
  });
});
