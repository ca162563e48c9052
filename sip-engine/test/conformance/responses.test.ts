import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import { SDP } from "../support/sip.js";
import { calledBy, fromPeer, hangUp, nextOf, World } from "../support/world.js";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

describe("responses of apps", () => {
  it("C5 echoes a response with its tokens: transaction id, dialog id, Msg sent:", async () => {
    const [app, phone] = [await world.app("invite", "subscribe", "options"), await world.peer()];
    const [host, port] = phone.address.split(":");
    const lines = { INVITE: "486 Busy Here", SUBSCRIBE: "403 Forbidden", OPTIONS: "200 OK" };
    for (const [method, line] of Object.entries(lines)) {
      const request = phone.request(method);
      const { tokens: asked } = await nextOf(app, request);
      const { tokens, sip } = await app.respond(asked[8]!, line);
      const dialogId = method === "OPTIONS" ? "" : request.dialogId;
      expect(tokens.slice(3, 5)).toEqual(["OK", "application"]);
      expect(tokens.slice(6, 9)).toEqual(["udp", host, port]);
      expect(tokens[9]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
      expect(tokens.slice(10)).toEqual([asked[8], dialogId, "", "Msg sent:", ""]);
      const sent = await phone.next(`${line.slice(0, 3)} ${method}`);
      expect(sip.text).toBe(sent.text);
      expect(tokens[5]).toBe(String(Buffer.byteLength(sent.text)));
      if (method === "INVITE") phone.ackRefusal(request, sent);
    }
  });

  it("C5 gives all responses of a transaction one To tag, 100 none", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    for (const line of ["100 Trying", "180 Ringing", "183 Session Progress", "486 Busy Here"]) {
      expect(verdict(await app.respond(tokens[8]!, line))).toBe("OK");
    }
    const busy = await phone.next("486 INVITE");
    phone.ackRefusal(invite, busy);
    const tags = phone.inbox.all.map(({ item }) => item.tag("To"));
    expect(new Set(tags)).toEqual(new Set(["", busy.tag("To")]));
    expect(phone.inbox.all.filter(({ item }) => item.tag("To") === "").every(({ item }) => item.status === 100)).toBe(
      true,
    );
    expect(phone.inbox.log).toEqual(expect.arrayContaining(["100 INVITE", "180 INVITE", "183 INVITE", "486 INVITE"]));
  });

  it("C5 takes a To tag from the app's first response, but neither its URI nor its From, Call-ID or CSeq", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    const lies = ["to: <sip:evil@evil>;tag=chosen", "from: <sip:evil@evil>;tag=evil", "call-id: evil", "cseq: 9 BYE"];
    const echo = await app.respond(tokens[8]!, "180 Ringing", { headers: lies });
    const ringing = await phone.next("180 INVITE");
    expect(ringing.header("To")).toBe(`${invite.header("To")};tag=chosen`);
    for (const name of ["From", "Call-ID", "CSeq"]) expect(ringing.all(name)).toEqual([invite.header(name)]);
    expect(echo.tokens[11]).toBe(invite.dialogId);
    await app.respond(tokens[8]!, "486 Busy Here");
    const busy = await phone.next("486 INVITE");
    expect(busy.tag("To")).toBe("chosen");
    phone.ackRefusal(invite, busy);
  });

  it("C5 adds a Contact where one is due: 2xx to INVITE, SUBSCRIBE, in-dialog INVITE; not to a plain 180 or OPTIONS", async () => {
    const [app, phone] = [await world.app("invite", "subscribe", "options"), await world.peer()];
    const ours = `<sip:${world.udp}>`;
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "180 Ringing");
    expect((await phone.next("180 INVITE")).all("Contact")).toEqual([]);
    await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.next("200 INVITE");
    expect(answer.all("Contact")).toEqual([ours]);
    const dialog = { callId: invite.header("Call-ID"), fromTag: invite.tag("From"), toTag: answer.tag("To") };
    phone.request("ACK", dialog);
    const again = phone.request("INVITE", { ...dialog, cseq: 2 });
    await app.respond((await nextOf(app, again)).tokens[8]!, "491 Request Pending");
    const pending = await phone.next("491 INVITE");
    expect(pending.all("Contact")).toEqual([ours]);
    phone.ackRefusal(again, pending);
    const options = await nextOf(app, phone.request("OPTIONS"));
    await app.respond(options.tokens[8]!, "200 OK");
    expect((await phone.next("200 OPTIONS")).all("Contact")).toEqual([]);
    const subscribe = await nextOf(app, phone.request("SUBSCRIBE", { headers: ["Event: presence"] }));
    await app.respond(subscribe.tokens[8]!, "489 Bad Event");
    expect((await phone.next("489 SUBSCRIBE")).all("Contact")).toEqual([ours]);
    phone.request("BYE", { ...dialog, cseq: 3 });
    await app.respond((await app.next("BYE")).tokens[8]!, "200 OK");
    await phone.next("200 BYE");
  });

  it("C5 names the transport in the Contact it adds, but UDP", async () => {
    const app = await world.app("invite");
    for (const [phone, expected] of [
      [await world.tcpPeer(), `<sip:127.0.0.1:${world.port("tcp")};transport=tcp>`],
      [await world.wsPeer(), `<sip:127.0.0.1:${world.port("ws")};transport=ws>`],
    ] as const) {
      const call = await calledBy(phone, app);
      expect(call.answer.header("Contact")).toBe(expected);
      await hangUp(call);
    }
  });

  it("C5 E23 puts its own address where the app wrote localhost, sips: and parameters kept", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    for (const [given, expected] of [
      ["<sip:agent@localhost>;isfocus", `<sip:agent@${world.udp}>;isfocus`],
      ["<sips:agent@localhost;x=1>;q=0.5", `<sips:agent@${world.udp};x=1>;q=0.5`],
      ["<sip:agent@localhost.example>", "<sip:agent@localhost.example>"],
    ]) {
      const headers = [`contact: ${given}`, `p-asserted-identity: ${given}`, "Content-Type: application/sdp"];
      const call = await calledBy(phone, app, {}, { headers, body: SDP });
      expect(call.answer.all("Contact")).toEqual([expected]);
      expect(call.answer.all("P-Asserted-Identity")).toEqual([expected]);
      await hangUp(call);
    }
  });

  it("C5 writes header names in their usual case, drops those that are its own, and skips lines that are no header", async () => {
    const [app, phone] = [await world.app("options"), await world.peer()];
    const { tokens } = await nextOf(app, phone.request("OPTIONS", { headers: ["Timestamp: 54.1"] }));
    const known = ["www-authenticate: Digest realm=x", "foo-bar: 1", "X-lower-Case: 2", "x-lower: 3", "ALLOW: INVITE"];
    const dropped = ["Via: evil", "Route: <sip:evil>", "Record-Route: <sip:evil>", "RSeq: 1", "Content-Length: 77"];
    const bad = ["no header at all", "bad name: 1", "bad@name: 2"];
    await app.respond(tokens[8]!, "200 OK", { headers: [...known, ...dropped, ...bad] });
    const answer = await phone.next("200 OPTIONS");
    const expected = ["WWW-Authenticate", "Foo-Bar", "X-lower-Case", "x-lower"];
    expect(answer.names).toEqual(expect.arrayContaining(expected));
    expect(answer.all("Allow")).toEqual(["INVITE"]);
    expect(answer.text).not.toMatch(/evil|RSeq|bad|no header/);
    expect(answer.all("Content-Length")).toEqual(["0"]);
    expect(answer.all("Timestamp")).toEqual(["54.1"]);
  });

  it("C5 copies Via and Record-Route of the request into 180 and 200", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const routes = [
      "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKbelow",
      "Record-Route: <sip:192.0.2.1;lr>, <sip:192.0.2.2;lr>",
    ];
    const invite = phone.request("INVITE", { headers: routes });
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "180 Ringing");
    await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    for (const what of ["180 INVITE", "200 INVITE"]) {
      const answer = await phone.next(what);
      expect(answer.all("Via")).toHaveLength(2);
      expect(answer.all("Via")[1]).toBe("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKbelow");
      expect(answer.all("Record-Route").join(", ")).toBe("<sip:192.0.2.1;lr>, <sip:192.0.2.2;lr>");
      if (what === "180 INVITE") continue;
      const dialog = { callId: invite.header("Call-ID"), fromTag: invite.tag("From"), toTag: answer.tag("To") };
      phone.request("ACK", dialog);
      phone.request("BYE", { ...dialog, cseq: 2 });
    }
    await app.respond((await app.next("BYE")).tokens[8]!, "200 OK");
    await phone.next("200 BYE");
  });

  it("C5 E22 refuses a body whose type nobody can tell, and knows SDP when it sees it", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const { tokens } = await nextOf(app, phone.request("INVITE"));
    expect(verdict(await app.respond(tokens[8]!, "183 Session Progress", { body: "hello" }))).toBe(
      "NOK|missing content-type",
    );
    await app.respond(tokens[8]!, "200 OK", { body: SDP });
    const answer = await phone.next("200 INVITE");
    expect([answer.header("Content-Type"), answer.body]).toEqual(["application/sdp", SDP]);
    const call = {
      app,
      peer: phone,
      callId: answer.header("Call-ID"),
      peerTag: answer.tag("From"),
      engineTag: answer.tag("To"),
    };
    const whole = { ...call, dialogId: answer.dialogId, invite: answer, answer, transactionId: tokens[8]! };
    fromPeer(whole, "ACK", 1);
    await hangUp(whole);
  });

  it("C5 says NOK to a response for a transaction it does not know, or has answered", async () => {
    const [app, phone] = [await world.app("options"), await world.peer()];
    const unknown = "NOK|Response not sent due to unknown transaction";
    expect(verdict(await app.respond("nobody", "200 OK"))).toBe(unknown);
    const { tokens } = await nextOf(app, phone.request("OPTIONS"));
    expect(verdict(await app.respond(tokens[8]!, "200 OK"))).toBe("OK");
    expect(verdict(await app.respond(tokens[8]!, "500 Server Internal Error"))).toBe(unknown);
    const thief = await world.app();
    const asked = await nextOf(app, phone.request("OPTIONS"));
    expect(verdict(await thief.respond(asked.tokens[8]!, "200 OK"))).toBe(unknown);
    expect(verdict(await app.respond(asked.tokens[8]!, "200 OK"))).toBe("OK");
    const missing = await thief.ask("sip||", "SIP/2.0 200 OK\r\n\r\n");
    expect(missing.tokens.slice(3)).toEqual(["NO", "transaction id missing"]);
    await thief.closed;
  });

  it("C5 E9 answers one of two forks; the other, answered later, gets 480 and the app NOK", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const parts = { callId: "forked", fromTag: "caller" };
    const [first, second] = [phone.request("INVITE", parts), phone.request("INVITE", parts)];
    const [one, two] = [await nextOf(app, first), await nextOf(app, second)];
    await app.respond(one.tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.next("200 INVITE");
    expect(verdict(await app.respond(two.tokens[8]!, "200 OK", WITH_SDP))).toMatch(/^NOK\|dialog already exists/);
    const refusal = await phone.next("480 INVITE");
    expect([answer.branch, refusal.branch]).toEqual([first.branch, second.branch]);
    phone.ackRefusal(second, refusal);
    const dialog = { ...parts, toTag: answer.tag("To") };
    phone.request("ACK", dialog);
    phone.request("BYE", { ...dialog, cseq: 2 });
    await app.respond((await app.next("BYE")).tokens[8]!, "200 OK");
    await phone.next("200 BYE");
  });

  it("C5 E26 makes a call of any 2xx to INVITE, 202 as well", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    const echo = await app.respond(tokens[8]!, "202 Accepted", WITH_SDP);
    const answer = await phone.next("202 INVITE");
    expect(echo.tokens[11]).toBe(invite.dialogId);
    const dialog = { callId: invite.header("Call-ID"), fromTag: invite.tag("From"), toTag: answer.tag("To") };
    phone.request("ACK", dialog);
    await app.next("ACK");
    expect(verdict(await app.inDialog(echo.tokens[11]!, "BYE"))).toBe("OK");
    phone.respond(await phone.next("BYE"), "200 OK");
    await app.next("200 BYE");
  });
});
