import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import { SDP } from "../support/sip.js";
import { calling, fromPeer, hangUp, World } from "../support/world.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

describe("requests of apps", () => {
  it("C10 echoes the request as it was sent, with a new transaction id, before any response", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const asking = app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    const invite = await phone.next("INVITE");
    phone.respond(invite, "100 Trying");
    phone.respond(invite, "180 Ringing");
    phone.respond(invite, "486 Busy Here");
    const { tokens, sip } = await asking;
    expect(tokens.slice(3, 5)).toEqual(["OK", "application"]);
    expect(tokens.slice(6, 9)).toEqual(["udp", "127.0.0.1", String(world.port("udp"))]);
    expect(tokens[9]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
    expect(tokens[10]).toMatch(UUID);
    expect(tokens.slice(11)).toEqual(["Msg sent:", ""]);
    expect(sip.text).toBe(invite.text);
    await app.next("486 INVITE");
    const frames = app.inbox.all.map(({ item }) => item);
    const echo = frames.findIndex((frame) => frame.tokens[10] === tokens[10]);
    const first = frames.findIndex((frame) => frame.tokens[1] === "sip");
    expect(echo).toBeLessThan(first);
    await phone.next("ACK");
  });

  it("C10 keeps 100 to itself and gives the app 180, 183 and 200, the dialog id from the first on", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const echo = await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    const invite = await phone.next("INVITE");
    const [host, port] = phone.address.split(":");
    phone.respond(invite, "100 Trying");
    const sent = ["180 Ringing", "183 Session Progress", "200 OK"].map((line) => phone.respond(invite, line));
    for (const response of sent) {
      const { tokens, sip } = await app.next(response.what);
      expect(tokens.slice(1, 3)).toEqual(["sip", "network"]);
      expect(tokens.slice(4, 7)).toEqual(["udp", host, port]);
      expect(tokens.slice(8)).toEqual([echo.tokens[10], invite.dialogId, ""]);
      expect(sip.headers).toEqual(expect.arrayContaining(response.headers.filter(([name]) => name !== "Via")));
    }
    expect(app.inbox.log).not.toContain("100 INVITE");
    await app.inDialog(invite.dialogId, "ACK");
    await app.inDialog(invite.dialogId, "BYE");
    phone.respond(await phone.next("BYE"), "200 OK");
    await app.next("200 BYE");
  });

  it("C10 gives responses to other methods an empty dialog id, and repeats nothing that is repeated", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    for (const method of ["OPTIONS", "MESSAGE", "REGISTER", "PUBLISH", "INFO", "REFER"]) {
      const headers = method === "REFER" ? ["Refer-To: <sip:c@127.0.0.1>"] : [];
      const echo = await app.request(`${method} sip:bob@${phone.address}`, { headers });
      const request = await phone.next(method);
      const response = phone.respond(request, "200 OK");
      for (let i = 0; i < 3; i++) phone.transmit(response.text);
      const { tokens } = await app.next(`200 ${method}`);
      expect(tokens.slice(8)).toEqual([echo.tokens[10], "", ""]);
      await phone.fence();
      await app.fence();
    }
    expect(app.inbox.open).toEqual([]);
  });

  it("C10 completes a request: From with tag, To, Call-ID, CSeq, Max-Forwards, Contact for INVITE and SUBSCRIBE only", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    for (const method of ["INVITE", "SUBSCRIBE", "MESSAGE"]) {
      await app.request(`${method} sip:bob@${phone.address}`, { headers: ["Event: x"] });
      const sent = await phone.next(method);
      expect(sent.header("Via")).toMatch(/^SIP\/2\.0\/UDP 127\.0\.0\.1:\d+;.*branch=z9hG4bK./);
      expect(sent.header("Via")).toMatch(/;rport(;|$)/);
      expect(sent.uriOf("From")).toBe(`sip:${world.udp}`);
      expect(sent.tag("From")).not.toBe("");
      expect(sent.header("To")).toBe(`<sip:bob@${phone.address}>`);
      expect(sent.header("Call-ID")).toMatch(UUID);
      expect(sent.cseq).toBeLessThan(2 ** 31);
      expect(sent.header("Max-Forwards")).toBe("70");
      expect(sent.all("Contact")).toEqual(method === "MESSAGE" ? [] : [`<sip:${world.udp}>`]);
      phone.respond(sent, "486 Busy Here");
      await app.next(`486 ${method}`);
    }
    await phone.next("ACK");
  });

  it("C10 E18 E23 turns localhost into its address, takes URI headers along, and drops headers that are its own", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const own = ["Via: evil", "Route: <sip:evil>", "Record-Route: <sip:evil>", "RSeq: 9", "Content-Length: 1"];
    const given = ["from: Anna <sip:anna@localhost>", "contact: <sips:anna@localhost>;+sip.x", "x-own: 1"];
    await app.request(`INVITE sip:bob@${phone.address}?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&X-H=1`, {
      headers: [...given, ...own, "p-asserted-identity: <sip:anna@localhost>"],
      body: SDP,
    });
    const sent = await phone.next("INVITE");
    expect(sent.uri).toBe(`sip:bob@${phone.address}`);
    expect(sent.header("Replaces")).toBe("a@b;to-tag=1;from-tag=2");
    expect(sent.header("X-H")).toBe("1");
    expect(sent.header("From")).toContain(`<sip:anna@${world.udp}>;tag=`);
    expect(sent.header("Contact")).toBe(`<sips:anna@${world.udp}>;+sip.x`);
    expect(sent.header("P-Asserted-Identity")).toBe(`<sip:anna@${world.udp}>`);
    expect(sent.text).not.toMatch(/evil|RSeq/);
    expect(sent.names).toContain("x-own");
    expect([sent.header("Content-Type"), sent.body]).toEqual(["application/sdp", SDP]);
    phone.respond(sent, "488 Not Acceptable Here");
    await app.next("488 INVITE");
    await phone.next("ACK");
  });

  it("C10 takes To, Max-Forwards, Call-ID, CSeq and From tag of the app outside dialogs", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const headers = ["To: <sip:carol@example.com>", "Max-Forwards: 5", "Call-ID: mine", "CSeq: 77 MESSAGE"];
    await app.request(`MESSAGE sip:bob@${phone.address}`, {
      headers: [...headers, "From: <sip:a@example.com>;tag=own"],
    });
    const sent = await phone.next("MESSAGE");
    for (const line of headers) expect(sent.text).toContain(`\r\n${line}\r\n`);
    expect(sent.header("From")).toBe("<sip:a@example.com>;tag=own");
    phone.respond(sent, "200 OK");
    await app.next("200 MESSAGE");
  });

  it("C10 keeps the dialog's identity in a dialog: of the app's From the URI, of its To, Call-ID and CSeq nothing", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const call = await calling(app, phone);
    const headers = ["From: <sip:other@example.com>;tag=evil", "To: <sip:evil@evil>", "Call-ID: evil", "CSeq: 1 X"];
    const echo = await app.inDialog(call.dialogId, "INFO", { headers: [...headers, "X-Own: 1"] });
    const info = await phone.next("INFO");
    expect(echo.sip.text).toBe(info.text);
    expect(info.header("From")).toBe(`<sip:other@example.com>;tag=${call.engineTag}`);
    expect([info.header("To"), info.header("Call-ID")]).toEqual([call.answer.header("To"), call.callId]);
    expect([info.cseq, info.header("X-Own"), info.uri]).toEqual([
      call.invite.cseq + 1,
      "1",
      phone.contact.slice(1, -1),
    ]);
    phone.respond(info, "200 OK");
    await app.next("200 INFO");
    await hangUp(call);
  });

  it("C10 E18 E22 declines with a reason what cannot be sent", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const call = await calling(app, phone);
    const cases: [meta: string, sip: string, reason: string | RegExp][] = [
      ["sip||", `INVITE sip:${world.udp} SIP/2.0\r\n\r\n`, "can not send request to myself"],
      ["sip||", "INVITE sip:a@b:port SIP/2.0\r\n\r\n", "invalid request-uri: <sip:a@b:port>"],
      [
        "sip||",
        `INVITE sip:${phone.address};transport=sctp SIP/2.0\r\n\r\n`,
        "requested protocol/transport not available",
      ],
      ["sip||", "INVITE tel:+4712345678 SIP/2.0\r\n\r\n", "requested protocol/transport not available"],
      ["sip||", `INVITE sip:${phone.address} SIP/2.0\r\nFrom: <sip:broken\r\n\r\n`, "Error creating leg"],
      ["sip||", `MESSAGE sip:${phone.address} SIP/2.0\r\n\r\nhello`, "missing content-type"],
      [`sip||${call.dialogId}`, "MESSAGE sip:placeholder SIP/2.0\r\n\r\nhello", "Server error: missing content-type"],
      ["sip||none;from-tag=1", "BYE sip:placeholder SIP/2.0\r\n\r\n", /unable to find dialog/],
      ["sip|none|", "CANCEL sip:placeholder SIP/2.0\r\n\r\n", "unable to cancel unknown transaction id: none"],
      ["sip||", "nonsense\r\n\r\n", /^Server error: invalid or missing method/],
    ];
    for (const [meta, sip, reason] of cases) {
      const { tokens } = await app.ask(meta, sip);
      expect(tokens[3]).toBe("NOK");
      if (typeof reason === "string") expect(tokens[4]).toBe(reason);
      else expect(tokens[4]).toMatch(reason);
    }
    const tel = await app.request("INVITE tel:+4712345678", WITH_SDP, `sip:${phone.address}`);
    expect(verdict(tel)).toBe("OK");
    const invite = await phone.next("INVITE");
    expect([invite.uri, invite.all("Route")]).toEqual(["tel:+4712345678", []]);
    phone.respond(invite, "404 Not Found");
    await app.next("404 INVITE");
    fromPeer(call, "BYE", 5);
    await app.respond((await app.next("BYE")).tokens[8]!, "200 OK");
    await phone.next("200 BYE");
  });
});
