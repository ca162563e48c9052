import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { WITH_SDP } from "../support/frame-client.js";
import { UdpPeer } from "../support/peer.js";
import { sipText } from "../support/sip.js";
import { calledBy, hangUp, nextOf, World } from "../support/world.js";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("new requests from the network", () => {
  it("C4 has the tokens of a new request, the address it was received on last", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE", WITH_SDP);
    const { tokens, sip } = await nextOf(app, invite);
    const [host, port] = phone.address.split(":");
    expect(tokens.slice(1, 3)).toEqual(["sip", "network"]);
    expect(Number(tokens[3])).toBeGreaterThanOrEqual(Buffer.byteLength(invite.text));
    expect(tokens.slice(4, 7)).toEqual(["udp", host, port]);
    expect(tokens[7]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
    expect(tokens[8]).toMatch(UUID);
    expect(tokens.slice(9)).toEqual(["", "127.0.0.1", String(world.port("udp")), ""]);
    expect(sip.body).toBe(invite.body);
    await app.respond(tokens[8]!, "486 Busy Here");
    phone.ackRefusal(invite, await phone.next("486 INVITE"));
  });

  it("C4 names TCP and WebSocket tcp, with the peer's address", async () => {
    const app = await world.app("options");
    for (const phone of [await world.tcpPeer(), await world.wsPeer()]) {
      const { tokens } = await nextOf(app, phone.request("OPTIONS"));
      expect(tokens.slice(4, 6)).toEqual(["tcp", "127.0.0.1"]);
      const port = phone.transport === "TCP" ? world.port("tcp") : world.port("ws");
      expect(tokens.slice(9)).toEqual(["", "127.0.0.1", String(port), ""]);
      await app.respond(tokens[8]!, "200 OK");
      await phone.next("200 OPTIONS");
    }
  });

  it("C4 writes rport into the top Via though nobody asked, and received when the name there is another", async () => {
    const [app, phone] = [await world.app("options"), await world.peer()];
    const [, port] = phone.address.split(":");
    const plain = await nextOf(app, phone.request("OPTIONS"));
    expect(plain.sip.header("Via")).toContain(`;rport=${port}`);
    await app.respond(plain.tokens[8]!, "200 OK");
    await phone.next("200 OPTIONS");
    const behindNat = phone.write("OPTIONS").text.replace(`UDP ${phone.address}`, "UDP 192.0.2.7:5060");
    phone.transmit(behindNat);
    const { tokens, sip } = await app.next("OPTIONS");
    expect(sip.header("Via")).toMatch(/^SIP\/2\.0\/UDP 192\.0\.2\.7:5060;/);
    expect(sip.header("Via")).toContain(";received=127.0.0.1");
    expect(sip.header("Via")).toContain(`;rport=${port}`);
    await app.respond(tokens[8]!, "200 OK");
    expect((await phone.next("200 OPTIONS")).header("Via")).toContain("192.0.2.7");
  });

  it("C4 sends 100 without To tag before the app has said anything, and none but to INVITE", async () => {
    const [app, phone] = [await world.app("invite", "message"), await world.peer()];
    const invite = phone.request("INVITE");
    const trying = await phone.next("100 INVITE");
    expect([trying.tag("To"), trying.header("Via")]).toEqual(["", expect.stringContaining(invite.branch)]);
    const asked = await nextOf(app, phone.request("MESSAGE"));
    await app.respond(asked.tokens[8]!, "200 OK");
    await phone.next("200 MESSAGE");
    await app.respond((await app.next("INVITE")).tokens[8]!, "486 Busy Here");
    phone.ackRefusal(invite, await phone.next("486 INVITE"));
    await phone.fence();
    expect(phone.inbox.log).not.toContain("100 MESSAGE");
  });

  it("C4 E27 offers a repeated request once; a repeated INVITE gets its 100 again, an answer is repeated as it was", async () => {
    const [app, phone] = [await world.app("invite", "message"), await world.peer()];
    for (const [method, line] of [
      ["INVITE", "404 Not Found"],
      ["MESSAGE", "202 Accepted"],
    ] as const) {
      const request = phone.request(method);
      const { tokens } = await nextOf(app, request);
      for (let i = 0; i < 3; i++) phone.transmit(request.text);
      await phone.fence();
      expect(phone.times("100 INVITE")).toHaveLength(4);
      await app.respond(tokens[8]!, line);
      const answer = await phone.next(`${line.slice(0, 3)} ${method}`);
      const before = phone.times(answer.what).length;
      phone.transmit(request.text);
      await phone.fence();
      expect(phone.times(answer.what).length).toBeGreaterThan(before);
      const texts = phone.inbox.all.filter(({ item }) => item.what === answer.what).map(({ item }) => item.text);
      expect(new Set(texts)).toEqual(new Set([answer.text]));
      if (method === "INVITE") phone.ackRefusal(request, answer);
    }
    await app.fence();
    expect(app.inbox.log.filter((what) => what === "INVITE" || what === "MESSAGE")).toEqual(["INVITE", "MESSAGE"]);
  });

  it("C4 answers requests nobody could have sent in good faith: 481, 400, 505; garbage and stray ACKs never", async () => {
    const phone = await world.peer();
    for (const method of ["BYE", "UPDATE", "CANCEL", "PRACK"]) {
      phone.request(method, { toTag: "nobody" });
      await phone.next(`481 ${method}`);
    }
    const invite = phone.request("INVITE", { toTag: "nobody" });
    phone.ackRefusal(invite, await phone.next("481 INVITE"));
    phone.transmit(phone.write("OPTIONS").text.replace("SIP/2.0\r\n", "SIP/3.0\r\n"));
    await phone.next("505 OPTIONS");
    const broken = phone.write("OPTIONS").text;
    for (const header of ["Call-ID", "From", "To", "CSeq"]) {
      const before = phone.inbox.log.length;
      phone.transmit(broken.replace(new RegExp(`${header}: [^\\r]*\\r\\n`), "").replace("z9hG4bK", `z9hG4bK${header}`));
      await phone.fence();
      const [answer] = phone.inbox.all.slice(before);
      expect(answer!.item.startLine).toBe(`SIP/2.0 400 Bad ${header} Header`);
    }
    const before = phone.inbox.log.length;
    phone.request("ACK", { toTag: "nobody" });
    for (const garbage of ["\r\n\r\n", "hello", "\0\0\0\0", "SIP/2.0 200 OK\r\n\r\n"]) phone.transmit(garbage);
    await phone.fence();
    expect(phone.inbox.log.slice(before)).toEqual(["501 FENCE"]);
  });

  it("C4 leaves Max-Forwards 0 and an unknown Require to the app", async () => {
    const [app, phone] = [await world.app("message"), await world.peer()];
    phone.transmit(
      phone.write("MESSAGE", { headers: ["Require: magic"] }).text.replace("Max-Forwards: 70", "Max-Forwards: 0"),
    );
    const { tokens, sip } = await app.next("MESSAGE");
    expect([sip.header("Max-Forwards"), sip.header("Require")]).toEqual(["0", "magic"]);
    const headers = ["Unsupported: magic"];
    await app.respond(tokens[8]!, "420 Bad Extension", { headers });
    expect((await phone.next("420 MESSAGE")).header("Unsupported")).toBe("magic");
  });

  it("C4 E17 gives apps CRLF lines and a right Content-Length, whatever came: compact, folded, LF only, no length", async () => {
    const [app, phone] = [await world.app("message"), await world.peer()];
    const lines = (n: number): string[] => [
      "MESSAGE sip:service@127.0.0.1 SIP/2.0",
      `v: SIP/2.0/UDP ${phone.address};branch=z9hG4bKodd${n}`,
      "f: <sip:a@127.0.0.1>;tag=odd",
      "t: <sip:b@127.0.0.1>",
      `i: odd${n}`,
      "CSeq: 1 MESSAGE",
      "Subject: one",
      "  and two",
      "c: text/plain",
      "",
      "ærlig",
    ];
    for (const [n, end] of ["\r\n", "\n"].entries()) {
      phone.transmit(lines(n).join(end));
      const { tokens, sip } = await app.next("MESSAGE");
      expect(sip.text.slice(0, -sip.body.length)).not.toMatch(/[^\r]\n/);
      for (const line of sip.text.slice(0, sip.text.indexOf("\r\n\r\n")).split("\r\n").slice(1)) {
        expect(line).toMatch(/^([\w-]+\s*:|\s)/);
      }
      expect([sip.body, sip.header("Content-Length") || sip.header("l")]).toEqual(["ærlig", "6"]);
      expect(sip.text.replace(/\r\n\s+/, " ")).toContain("Subject: one and two");
      await app.respond(tokens[8]!, "200 OK");
      expect((await phone.next("200 MESSAGE")).header("Call-ID")).toBe(`odd${n}`);
    }
  });

  it("C4 E18 takes a Call-ID of 1000 characters, tel:, sips: and IPv6 Request-URIs; headers in one get 400", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    for (const uri of ["tel:+4712345678", "sips:a@127.0.0.1", "sip:[::1]:5060;user=phone"]) {
      const callId = `${"c".repeat(1000)}${uri.length}`;
      const call = await calledBy(phone, app, {
        uri,
        callId,
        headers: ["Content-Type: application/sdp"],
        body: "v=0\r\n",
      });
      expect(call.dialogId).toBe(`${callId};from-tag=${call.peerTag}`);
      await hangUp(call);
    }
    // RFC 3261 19.1.1, RFC 4475 3.1.2.11.
    phone.request("MESSAGE", { uri: "sip:a@b.example?X-Y=1" });
    expect((await phone.next("400 MESSAGE")).startLine).toBe("SIP/2.0 400 Bad Request-URI");
  });

  it("C4 E18 over IPv6 writes addresses without brackets into tokens, with brackets into Contact", async () => {
    const both = await World.start("--sip", "udp:[::1]:0");
    const port = Number(/udp\/\[?::1\]?:(\d+)/.exec(both.engine.server.addresses.sip)?.[1]);
    const [app, phone] = [await both.app("invite"), both.keep(await UdpPeer.open(port, "::1"))];
    const call = await calledBy(phone, app);
    const { tokens, sip } = app.inbox.all.map(({ item }) => item).find(({ sip }) => sip.method === "INVITE")!;
    const remote = /\d+$/.exec(phone.address)![0];
    expect(tokens.slice(4, 7)).toEqual(["udp", "::1", remote]);
    expect(tokens.slice(9)).toEqual(["", "::1", String(port), ""]);
    expect(sip.header("Via")).toContain(`;rport=${remote}`);
    expect(call.answer.header("Contact")).toBe(`<sip:[::1]:${port}>`);
    await app.inDialog(call.dialogId, "INFO");
    phone.respond(await phone.next("INFO"), "200 OK");
    await app.next("200 INFO");
    await hangUp(call);
    await both.clear();
    await both.stop();
  });

  it("C4 E24 refuses a Call-ID with a character no Call-ID may have, before it breaks a frame's tokens", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const odd = "a%b'c\"d(e)<f>[g]{h}?/\\:~*`!_+.-@host";
    const call = await calledBy(phone, app, { callId: odd });
    expect(call.dialogId).toBe(`${odd};from-tag=${call.peerTag}`);
    await hangUp(call);
    const text = phone.write("INVITE").text.replace(/Call-ID: .*/, "Call-ID: a|b@host");
    phone.transmit(text);
    const first = await phone.inbox.next((sip) => sip.header("Call-ID") === "a|b@host" && sip.status !== 100, "final");
    expect(first.startLine).toBe("SIP/2.0 400 Bad Call-ID Header");
    await app.fence();
    expect(app.inbox.open).toEqual([]);
    phone.transmit(sipText("ACK sip:service@127.0.0.1 SIP/2.0", [`Via: ${first.header("Via")}`]));
  });

  it("C4 E25 keeps calls apart that differ in the From tag only", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const parts = { callId: "shared", contact: phone.contact };
    const calls = [
      await calledBy(phone, app, { ...parts, fromTag: "one" }),
      await calledBy(phone, app, { ...parts, fromTag: "two" }),
    ];
    expect(calls.map(({ dialogId }) => dialogId)).toEqual(["shared;from-tag=one", "shared;from-tag=two"]);
    for (const call of calls) {
      await app.inDialog(call.dialogId, "INFO");
      const info = await phone.next("INFO");
      expect(info.tag("To")).toBe(call.peerTag);
      phone.respond(info, "200 OK");
      expect((await app.next("200 INFO")).tokens[9]).toBe(call.dialogId);
      await hangUp(call);
    }
  });
});
