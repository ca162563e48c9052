import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server as WebServer } from "node:http";
import type { Server, Socket } from "node:net";
import { until } from "../support/engine.js";
import { FrameClient, WITH_SDP } from "../support/frame-client.js";
import type { Peer } from "../support/peer.js";
import { portOf, tcpServer } from "../support/peer.js";
import type { Sip } from "../support/sip.js";
import { nextOf, World } from "../support/world.js";

let web: WebServer;
/** Where an app listens, as with srf.listen. */
let listener: Server;
let world: World;
let decision: unknown;
let questions: { query: URLSearchParams; body: string }[] = [];

beforeAll(async () => {
  web = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      questions.push({ query: new URL(request.url ?? "", "http://x").searchParams, body });
      if (typeof decision === "number") response.writeHead(decision).end();
      else response.end(typeof decision === "string" ? decision : JSON.stringify(decision));
    });
  });
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
  listener = await tcpServer();
  const site = `http://127.0.0.1:${(web.address() as { port: number }).port}/route?x=1`;
  const rules = [`invite=${site}`, `options=POST ${site}`, `message=tcp://127.0.0.1:${portOf(listener)}`];
  world = await World.start(...rules.flatMap((rule) => ["--route", rule]), "--route", "info=http://127.0.0.1:9/");
});
afterEach(async () => {
  questions = [];
  await world.clear();
});
afterAll(async () => {
  await world.stop();
  listener.close();
  web.closeAllConnections();
  web.close();
});

/** The engine's next connection to the app that listens. */
async function called(): Promise<FrameClient> {
  const [socket] = (await once(listener, "connection")) as [Socket];
  return world.keep(new FrameClient(socket));
}

/** The refusal of an INVITE, acknowledged. */
async function refusal(phone: Peer, invite: Sip): Promise<Sip> {
  const answer = await phone.inbox.next(({ branch, status }) => branch === invite.branch && status >= 300, "refusal");
  phone.ackRefusal(invite, answer);
  return answer;
}

const act = (action: string, data: unknown = {}): unknown => ({ action, data });

describe("requests that a web server decides about", () => {
  it("C21 asks with the request's particulars, after a 100 to the caller", async () => {
    const phone = await world.peer();
    decision = act("reject", { status: 486, reason: "Not Today" });
    const headers = ["Content-Type: application/sdp"];
    const invite = phone.request("INVITE", { uri: "sip:100@127.0.0.1;lang=no", headers, body: "v=0\r\n" });
    const answer = await refusal(phone, invite);
    expect(answer.startLine).toBe("SIP/2.0 486 Not Today");
    expect(phone.inbox.log[0]).toBe("100 INVITE");
    const asked = Object.fromEntries(questions[0]!.query);
    expect(asked).toMatchObject({
      x: "1",
      method: "INVITE",
      domain: "127.0.0.1",
      protocol: "udp",
      source_address: "127.0.0.1",
      fromUser: phone.name,
      toUser: "service",
      uriUser: "100",
      contentType: "application/sdp",
      uri: "sip:100@127.0.0.1;lang=no",
      lang: "no",
    });
  });

  it("C21 sends the whole request along with POST", async () => {
    const phone = await world.peer();
    decision = act("reject", { status: 404 });
    const request = phone.request("OPTIONS");
    expect((await phone.next("404 OPTIONS")).branch).toBe(request.branch);
    expect(questions[0]!.body).toContain(`OPTIONS sip:service@${world.udp} SIP/2.0\r\n`);
    expect(questions[0]!.body).toContain(`Call-ID: ${request.header("Call-ID")}\r\n`);
  });

  it("C21 redirects with 302 and a Contact for each address", async () => {
    const phone = await world.peer();
    for (const contact of ["<sip:a@192.0.2.1>", ["<sip:a@192.0.2.1>", "<sip:b@192.0.2.1>"]]) {
      decision = act("redirect", { contact });
      const answer = await refusal(phone, phone.request("INVITE"));
      expect([answer.startLine, answer.all("Contact")]).toEqual(["SIP/2.0 302 Moved", [contact].flat()]);
    }
  });

  it("C21 E19 answers 500 to nonsense and errors, 480 when nobody can be reached or has the tag", async () => {
    const phone = await world.peer();
    for (const [answer, status] of [
      ["no JSON", 500],
      [act("dance"), 500],
      [404, 500],
      [act("route", { tag: "nobody" }), 480],
      [act("route", { uri: "127.0.0.1:9" }), 480],
    ] as const) {
      decision = answer;
      expect((await refusal(phone, phone.request("INVITE"))).status).toBe(status);
    }
    phone.request("INFO");
    await phone.next("480 INFO");
  });

  it("C21 proxies to a destination without any app", async () => {
    const [phone, target] = [await world.peer(), await world.peer()];
    decision = act("proxy", { destination: [`sip:${target.address}`], recordRoute: true });
    const request = phone.request("OPTIONS", { uri: `sip:x@${world.udp}` });
    const forwarded = await target.next("OPTIONS");
    expect([forwarded.uri, forwarded.all("Via").length]).toEqual([`sip:${target.address}`, 2]);
    target.respond(forwarded, "200 OK");
    expect((await phone.next("200 OPTIONS")).branch).toBe(request.branch);
  });

  it("C2 C21 route by tag: only an app that authenticated with it, in turn, whatever it asked for", async () => {
    const phone = await world.peer();
    const other = await world.app("options");
    const tagged: FrameClient[] = [];
    for (const tags of ["blue,red", "red"]) {
      const app = world.keep(await FrameClient.connect(world.adminPort));
      await app.authenticate("s3cret", tags);
      tagged.push(app);
    }
    decision = act("route", { tag: "red" });
    for (let i = 0; i < 4; i++) phone.request("OPTIONS");
    for (const app of [...tagged, ...tagged]) {
      await app.respond((await app.next("OPTIONS")).tokens[8]!, "200 OK");
      await phone.next("200 OPTIONS");
    }
    expect(other.inbox.open).toEqual([]);
  });
});

describe("apps the engine connects to", () => {
  it("C21 the app authenticates first; then comes the request; in-dialog requests use the same connection", async () => {
    const phone = await world.peer();
    decision = act("route", { uri: `127.0.0.1:${portOf(listener)}` });
    const connecting = called();
    const invite = phone.request("INVITE", WITH_SDP);
    const app = await connecting;
    await until(() => app.socket.readyState === "open", "not connected");
    expect(app.inbox.log).toEqual([]);
    const greeting = await app.authenticate();
    expect(greeting.tokens[3]).toBe("OK");
    const { tokens } = await nextOf(app, invite);
    expect(app.inbox.log[0]).toContain("OK");
    expect(tokens.slice(9)).toEqual(["", "127.0.0.1", String(world.port("udp")), ""]);
    await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.next("200 INVITE");
    const dialog = { callId: invite.header("Call-ID"), fromTag: invite.tag("From"), toTag: answer.tag("To") };
    phone.request("ACK", dialog);
    await app.next("ACK");
    await app.inDialog(invite.dialogId, "INFO");
    phone.respond(await phone.next("INFO"), "200 OK");
    await app.next("200 INFO");
    phone.request("BYE", { ...dialog, cseq: 2 });
    await app.respond((await app.next("BYE")).tokens[8]!, "200 OK");
    await phone.next("200 BYE");
  });

  it("C21 one connection for each request, which stays until the app closes it", async () => {
    const phone = await world.peer();
    const apps: FrameClient[] = [];
    for (let i = 0; i < 2; i++) {
      const connecting = called();
      const request = phone.request("MESSAGE");
      const app = await connecting;
      await app.authenticate();
      await app.respond((await nextOf(app, request)).tokens[8]!, "200 OK");
      await phone.next("200 MESSAGE");
      apps.push(app);
    }
    for (const app of apps) await app.fence();
    expect(world.engine.apps()).toHaveLength(2);
  });

  it("C21 an app that is connected when the caller has given up is let go again", async () => {
    const phone = await world.peer();
    decision = act("route", { uri: `127.0.0.1:${portOf(listener)}` });
    const connecting = called();
    const invite = phone.request("INVITE");
    const app = await connecting;
    phone.cancel(invite);
    await phone.next("200 CANCEL");
    phone.ackRefusal(invite, await phone.next("487 INVITE"));
    expect((await app.authenticate()).tokens[3]).toBe("OK");
    await app.closed;
    expect(app.inbox.open).toEqual([]);
  });

  it("C21 480 when the app closes without authenticating, or gives a wrong secret", async () => {
    const phone = await world.peer();
    const first = called();
    phone.request("MESSAGE");
    (await first).close();
    await phone.next("480 MESSAGE");
    const second = called();
    phone.request("MESSAGE");
    const app = await second;
    expect((await app.authenticate("guess")).tokens[3]).toBe("NO");
    await phone.next("480 MESSAGE");
  });

  it("C21 an app that connected by itself does not get methods that have a rule", async () => {
    const phone = await world.peer();
    const app = await world.app("invite");
    decision = act("reject", { status: 404 });
    expect((await refusal(phone, phone.request("INVITE"))).status).toBe(404);
    await app.fence();
    expect(app.inbox.open).toEqual([]);
  });
});
