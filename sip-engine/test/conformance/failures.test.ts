import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { until } from "../support/engine.js";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import type { AppMessage } from "../support/frame-client.js";
import "../support/gaps.js";
import { portOf, tcpServer } from "../support/peer.js";
import type { Sip } from "../support/sip.js";
import { calling, hangUp, World } from "../support/world.js";

const [T1, T2] = [25, 100];
let world: World;

beforeAll(async () => {
  world = await World.start("--t1", String(T1), "--t2", String(T2));
});
afterEach(() => world.clear());
afterAll(() => world.stop());

describe("requests nobody answers", () => {
  it("C11 E19 repeats an INVITE at T1, 2·T1, 4·T1 … and reports 408 after 64·T1", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const echo = await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    const invite = await phone.next("INVITE");
    const { tokens, sip } = await app.next("408 INVITE");
    expect(tokens.slice(1, 7)).toEqual(["sip", "network", "0", "udp", "", "0"]);
    expect(tokens.slice(8)).toEqual([echo.tokens[10], invite.dialogId, ""]);
    expect(sip.startLine).toBe("SIP/2.0 408 Request Timeout");
    expect([sip.header("Via"), sip.header("CSeq")]).toEqual([invite.header("Via"), invite.header("CSeq")]);
    expect(sip.tag("To")).not.toBe("");
    const times = phone.times("INVITE");
    // The last is due at 63·T1: a busy machine may be late for it.
    expect([6, 7]).toContain(times.length);
    expect(times).toComeAfter([T1, 2 * T1, 4 * T1, 8 * T1, 16 * T1]);
  });

  it("C11 E19 repeats other requests no slower than T2, and reports 408 after 64·T1", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const echo = await app.request(`OPTIONS sip:bob@${phone.address}`);
    expect((await app.next("408 OPTIONS")).tokens.slice(8)).toEqual([echo.tokens[10], "", ""]);
    const times = phone.times("OPTIONS");
    // At 0, 1, 3, 7, 11 … 63 · T1.
    expect(times.length).toBeGreaterThanOrEqual(10);
    expect(times.length).toBeLessThanOrEqual(18);
    expect(times).toComeAfter([T1, 2 * T1, T2, T2, T2]);
  });

  it("C11 E19 sends a request over TCP once, and reports 408 after 64·T1 as well", async () => {
    const server = world.keep(await tcpServer());
    const app = await world.app();
    const asking = app.request(`MESSAGE sip:127.0.0.1:${portOf(server)};transport=tcp`);
    await once(server, "connection");
    await asking;
    expect((await app.next("408 MESSAGE")).tokens.slice(5, 7)).toEqual(["", "0"]);
  });

  it("C11 E19 reports 503 at once when a TCP connection is refused, or lost before the answer", async () => {
    const app = await world.app();
    const server = await tcpServer();
    const target = `sip:127.0.0.1:${portOf(server)};transport=tcp`;
    const asking = app.request(`INVITE ${target}`, WITH_SDP);
    const [socket] = (await once(server, "connection")) as [{ destroy(): void }];
    await asking;
    socket.destroy();
    await app.next("503 INVITE");
    server.close();
    await once(server, "close");
    const refused = await app.request(`INVITE ${target}`, WITH_SDP);
    const { tokens, sip } = await app.next("503 INVITE");
    expect(tokens.slice(8, 10)).toEqual([refused.tokens[10], refused.sip.dialogId]);
    expect(sip.startLine).toBe("SIP/2.0 503 Service Unavailable");
  });

  it("C11 E19 reports 503 at once for a UDP port where nobody listens", async () => {
    const [app, closed] = [await world.app(), await world.peer()];
    closed.close();
    const echo = await app.request(`OPTIONS sip:bob@${closed.address}`);
    expect((await app.next("503 OPTIONS")).tokens[8]).toBe(echo.tokens[10]);
  });

  it("C11 E19 reports 503 DNS Error for a name nobody knows, after an echo with protocol unknown", async () => {
    const app = await world.app();
    const echo = await app.request("INVITE sip:bob@no-such-host.invalid:5060", WITH_SDP);
    expect(echo.tokens.slice(3, 5)).toEqual(["OK", "application"]);
    expect(echo.tokens.slice(6, 9)).toEqual(["unknown", "", "0"]);
    expect(echo.tokens.slice(11)).toEqual(["Msg sent:", ""]);
    const { tokens, sip } = await app.next("503 INVITE");
    expect(tokens[8]).toBe(echo.tokens[10]);
    expect(sip.startLine).toBe("SIP/2.0 503 DNS Error");
  });

  it("C11 E11 tells where a challenge came from, so that its answer can go there", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    await app.request(`REGISTER sip:bob@${phone.address}`);
    phone.respond(await phone.next("REGISTER"), "401 Unauthorized", {
      headers: ['WWW-Authenticate: Digest realm="r", nonce="n"'],
    });
    const { tokens, sip } = await app.next("401 REGISTER");
    expect(`${tokens[5]}:${tokens[6]}`).toBe(phone.address);
    expect(sip.header("WWW-Authenticate")).toBe('Digest realm="r", nonce="n"');
  });
});

describe("CANCEL by the app", () => {
  it("C12 waits for the first provisional response, then goes out with the INVITE's branch, URI and CSeq", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const echo = await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    const invite = await phone.next("INVITE");
    const lies = [
      "From: <sip:evil@evil>",
      "Contact: <sip:evil@evil>",
      "Call-ID: evil",
      "Reason: Q.850;cause=16",
      "X-Own: 1",
    ];
    const cancelled = await app.cancel(echo.tokens[10]!, { headers: lies });
    expect(verdict(cancelled)).toBe("OK");
    expect(cancelled.tokens[10]).not.toBe(echo.tokens[10]);
    expect(verdict(await app.cancel(echo.tokens[10]!))).toMatch(/^NOK\|/);
    await until(() => phone.times("INVITE").length >= 3, "the INVITE is not repeated");
    expect(phone.inbox.log).not.toContain("CANCEL");
    phone.respond(invite, "100 Trying");
    const cancel = await phone.next("CANCEL");
    expect([cancel.uri, cancel.header("Via"), cancel.cseq]).toEqual([invite.uri, invite.header("Via"), invite.cseq]);
    for (const name of ["From", "To", "Call-ID"]) expect(cancel.header(name)).toBe(invite.header(name));
    expect([cancel.header("Reason"), cancel.header("X-Own")]).toEqual(["Q.850;cause=16", "1"]);
    expect(cancel.text).not.toContain("evil");
    phone.respond(cancel, "200 OK");
    phone.respond(invite, "487 Request Terminated");
    const { tokens } = await app.next("487 INVITE");
    expect(tokens.slice(8)).toEqual([echo.tokens[10], invite.dialogId, ""]);
    await phone.next("ACK");
    await app.fence();
    expect(app.inbox.open).toEqual([]);
    expect(verdict(await app.cancel(echo.tokens[10]!))).toBe(
      `NOK|unable to cancel unknown transaction id: ${echo.tokens[10]}`,
    );
  });

  it("C12 goes out at once after 180", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const echo = await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    const invite = await phone.next("INVITE");
    phone.respond(invite, "180 Ringing");
    await app.next("180 INVITE");
    await app.cancel(echo.tokens[10]!);
    phone.respond(await phone.next("CANCEL"), "200 OK");
    phone.respond(invite, "487 Request Terminated");
    await app.next("487 INVITE");
    await phone.next("ACK");
  });

  it("C12 reports 487 itself when the callee never ends the INVITE", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const echo = await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    phone.respond(await phone.next("INVITE"), "180 Ringing");
    await app.next("180 INVITE");
    await app.cancel(echo.tokens[10]!);
    phone.respond(await phone.next("CANCEL"), "200 OK");
    expect((await app.next("487 INVITE")).tokens[8]).toBe(echo.tokens[10]);
  });

  it("C12 E5 that crosses a 200: the app gets the 200 and acknowledges it; BYE follows, and an unsolicited BYE to the app", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const echo = await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    const invite = await phone.next("INVITE");
    phone.respond(invite, "180 Ringing");
    await app.next("180 INVITE");
    await app.cancel(echo.tokens[10]!);
    phone.respond(invite, "200 OK", WITH_SDP);
    phone.respond(await phone.next("CANCEL"), "200 OK");
    const { tokens } = await app.next("200 INVITE");
    await app.inDialog(tokens[9]!, "ACK");
    await phone.next("ACK");
    const bye = await phone.next("BYE");
    expect(phone.inbox.log.indexOf("ACK")).toBeLessThan(phone.inbox.log.indexOf("BYE"));
    expect(bye.header("Reason")).toBe('SIP;cause=200;text="ACK-BYE due to cancel race condition"');
    phone.respond(bye, "200 OK");
    const frame = await app.next("BYE");
    expect(frame.tokens.slice(1, 3)).toEqual(["sip", "application"]);
    expect(frame.tokens.slice(8)).toEqual(["unsolicited", invite.dialogId, ""]);
    expect(verdict(await app.inDialog(invite.dialogId, "INFO"))).toMatch(/^NOK\|.*unable to find dialog/);
  });

  it("C12 cancels a re-INVITE as well (RFC 3261 9.1), and BYE cancels one that is unanswered first", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const call = await calling(app, phone);
    const order = (sip: Sip): number => phone.inbox.all.findIndex(({ item }) => item === sip);
    let last = call.invite;
    for (const end of ["CANCEL", "BYE"]) {
      const echo = await app.inDialog(call.dialogId, "INVITE", WITH_SDP);
      const again = await phone.next("INVITE");
      phone.respond(again, "180 Ringing");
      await app.next("180 INVITE");
      if (end === "BYE") await app.inDialog(call.dialogId, "BYE");
      else expect(verdict(await app.cancel(echo.tokens[10]!))).toBe("OK");
      const cancel = await phone.next("CANCEL");
      expect(cancel.header("Via")).toBe(again.header("Via"));
      last = cancel;
      phone.respond(cancel, "200 OK");
      phone.respond(again, "487 Request Terminated");
      expect((await app.next("487 INVITE")).tokens[9]).toBe(call.dialogId);
    }
    const bye = await phone.next("BYE");
    expect(order(last)).toBeLessThan(order(bye));
    phone.respond(bye, "200 OK");
    await app.next("200 BYE");
  });
});

describe("requests repeated with credentials", () => {
  const challenge = 'WWW-Authenticate: Digest realm="r", nonce="n"';

  /** What drachtio-srf sends after 401: the same identity, the number one higher. */
  const retry = (first: Sip, ...more: string[]): AppMessage => ({
    headers: [
      `CSeq: ${first.cseq + 1} ${first.method}`,
      `call-id: ${first.header("Call-ID")}`,
      `from: ${first.header("From")}`,
      "Authorization: Digest right",
      ...more,
    ],
  });

  it("C13 keep Call-ID, From tag, dialog id and the app's CSeq, and go to the next hop named, without a Route", async () => {
    const [app, phone, proxy] = [await world.app(), await world.peer(), await world.peer()];
    await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    const first = await phone.next("INVITE");
    phone.respond(first, "401 Unauthorized", { headers: [challenge] });
    expect((await app.next("401 INVITE")).tokens[9]).toBe(first.dialogId);
    await phone.next("ACK");
    await app.request(`INVITE sip:bob@${phone.address}`, retry(first), `sip:${proxy.address}`);
    const second = await proxy.next("INVITE");
    expect(second.uri).toBe(first.uri);
    expect(second.all("Route")).toEqual([]);
    expect([second.cseq, second.dialogId]).toEqual([first.cseq + 1, first.dialogId]);
    expect(second.branch).not.toBe(first.branch);
    proxy.respond(second, "200 OK", { contact: proxy.contact });
    const { tokens } = await app.next("200 INVITE");
    expect(tokens[9]).toBe(first.dialogId);
    await app.inDialog(tokens[9]!, "ACK");
    const ack = await proxy.next("ACK");
    // RFC 3261 22.1: the ACK carries the credentials of its INVITE.
    expect([ack.cseq, ack.header("Authorization")]).toEqual([second.cseq, "Digest right"]);
    await app.inDialog(tokens[9]!, "BYE");
    const bye = await proxy.next("BYE");
    expect(bye.cseq).toBe(second.cseq + 1);
    proxy.respond(bye, "200 OK");
    await app.next("200 BYE");
  });

  it("C13 E11 in a dialog: a challenged BYE, re-INVITE and UPDATE leave it alive, the second try has the next number", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const call = await calling(app, phone);
    for (const method of ["INVITE", "UPDATE", "BYE"]) {
      await app.inDialog(call.dialogId, method);
      const first = await phone.next(method);
      phone.respond(first, "401 Unauthorized", { headers: [challenge] });
      expect((await app.next(`401 ${method}`)).tokens[9]).toBe(call.dialogId);
      await app.inDialog(call.dialogId, method, {
        headers: ["Authorization: Digest right", "CSeq: 1 X", "Call-ID: evil"],
      });
      const second = await phone.next(method);
      expect([second.cseq, second.header("Call-ID")]).toEqual([first.cseq + 1, call.callId]);
      expect(second.header("Authorization")).toBe("Digest right");
      phone.respond(second, "200 OK");
      await app.next(`200 ${method}`);
      if (method === "INVITE") await app.inDialog(call.dialogId, "ACK");
    }
    expect(verdict(await app.inDialog(call.dialogId, "BYE"))).toMatch(/^NOK\|.*unable to find dialog/);
  });

  it("C13 E12 a 407 without a challenge is given to the app like any other refusal", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const call = await calling(app, phone);
    await app.request(`MESSAGE sip:bob@${phone.address}`);
    phone.respond(await phone.next("MESSAGE"), "407 Proxy Authentication Required");
    expect((await app.next("407 MESSAGE")).sip.all("Proxy-Authenticate")).toEqual([]);
    await app.inDialog(call.dialogId, "INFO");
    phone.respond(await phone.next("INFO"), "407 Proxy Authentication Required");
    await app.next("407 INFO");
    await hangUp(call);
  });
});
