import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/engine.js";
import type { Frame } from "../support/frame-client.js";
import { ack, ORDERS, outcome, proxied } from "../support/proxied.js";
import { nextOf, World } from "../support/world.js";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

describe("what a proxied call goes on with", () => {
  it("C20 CANCEL: 200 and 487 to the caller at once, CANCEL to targets that have answered provisionally, no frame to the app", async () => {
    const [app, caller] = [await world.app("invite"), await world.peer()];
    const [ringing, silent] = [await world.peer(), await world.peer()];
    const call = await proxied(app, caller, ORDERS.simultaneous, [ringing, silent]);
    const [first, second] = [await ringing.next("INVITE"), await silent.next("INVITE")];
    ringing.respond(first, "180 Ringing");
    await caller.next("180 INVITE");
    caller.cancel(call.request);
    await caller.next("200 CANCEL");
    caller.ackRefusal(call.request, await caller.next("487 INVITE"));
    const cancel = await ringing.next("CANCEL");
    expect(cancel.branch).toBe(first.branch);
    expect(silent.inbox.log).not.toContain("CANCEL");
    silent.respond(second, "180 Ringing");
    for (const [target, invite, request] of [
      [ringing, first, cancel],
      [silent, second, await silent.next("CANCEL")],
    ] as const) {
      target.respond(request, "200 OK");
      target.respond(invite, "487 Request Terminated");
      await target.next("ACK");
    }
    expect(await outcome(call)).toEqual(["487", "487", "OK|done"]);
    expect(app.inbox.log).not.toContain("CANCEL");
  });

  it("C20 record-routes: the dialog's further requests pass both ways by their Route, without a frame to the app", async () => {
    const [app, caller, callee] = [await world.app("invite"), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, ORDERS.recordRoute, [callee]);
    const invite = await callee.next("INVITE");
    const recorded = invite.header("Record-Route");
    expect(recorded).toBe(`<sip:${world.udp};lr>`);
    const accepted = callee.respond(invite, "200 OK");
    const answer = await caller.next("200 INVITE");
    expect(answer.header("Record-Route")).toBe(recorded);
    expect(await outcome(call)).toEqual(["200", "OK|done"]);
    const seen = app.inbox.all.length;
    const dialog = { callId: invite.header("Call-ID"), headers: [`Route: ${recorded}`] };
    const forth = {
      ...dialog,
      uri: callee.contact.slice(1, -1),
      fromTag: invite.tag("From"),
      toTag: accepted.tag("To"),
    };
    const back = {
      ...dialog,
      uri: caller.contact.slice(1, -1),
      fromTag: accepted.tag("To"),
      toTag: invite.tag("From"),
    };
    caller.request("ACK", forth);
    expect((await callee.next("ACK")).all("Route")).toEqual([]);
    const info = callee.request("INFO", back);
    const relayed = await caller.next("INFO");
    expect([relayed.all("Route"), relayed.all("Via").length, relayed.uri]).toEqual([[], 2, info.uri]);
    caller.respond(relayed, "200 OK");
    expect((await callee.next("200 INFO")).all("Via")).toHaveLength(1);
    caller.request("BYE", { ...forth, cseq: 2 });
    callee.respond(await callee.next("BYE"), "200 OK");
    await caller.next("200 BYE");
    await app.fence();
    expect(app.inbox.all.length).toBe(seen + 1);
  });

  it("C20 C18 stays reachable for both sides of a call between UDP and WebSocket: a Record-Route for each (RFC 5658)", async () => {
    const [app, phone, browser] = [await world.app("invite", "register"), await world.peer(), await world.wsPeer()];
    const contact = `${browser.contact};expires=60`;
    const registration = await nextOf(app, browser.request("REGISTER", { contact }));
    await app.respond(registration.tokens[8]!, "200 OK", { headers: [`Contact: ${contact}`] });
    await browser.next("200 REGISTER");
    const target = browser.contact.slice(1, -1);
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    app.write(`order|proxy|${tokens[8]}|${ORDERS.recordRoute}|${target}\r\nINVITE sip:x SIP/2.0\r\n\r\n`);
    const rung = await browser.next("INVITE");
    const recorded = [`<sip:127.0.0.1:${world.port("ws")};transport=ws;lr>`, `<sip:${world.udp};lr>`];
    expect(rung.all("Record-Route")).toEqual(recorded);
    const accepted = browser.respond(rung, "200 OK");
    expect((await phone.next("200 INVITE")).all("Record-Route")).toEqual(recorded);
    const callId = invite.header("Call-ID");
    const forth = { callId, fromTag: invite.tag("From"), toTag: accepted.tag("To"), uri: target };
    // The caller's route set is the other way round (RFC 3261 12.1.2).
    const headers = [`Route: ${recorded[1]}, ${recorded[0]}`];
    phone.request("ACK", { ...forth, headers });
    expect((await browser.next("ACK")).all("Route")).toEqual([]);
    const back = { callId, fromTag: accepted.tag("To"), toTag: invite.tag("From"), uri: phone.contact.slice(1, -1) };
    browser.request("INFO", { ...back, headers: [`Route: ${recorded[0]}`, `Route: ${recorded[1]}`] });
    const info = await phone.next("INFO");
    expect(info.all("Route")).toEqual([]);
    phone.respond(info, "200 OK");
    await browser.next("200 INFO");
    phone.request("BYE", { ...forth, cseq: 2, headers });
    browser.respond(await browser.next("BYE"), "200 OK");
    await phone.next("200 BYE");
    const taken = await nextOf(app, browser.request("REGISTER", { contact: `${browser.contact};expires=0` }));
    await app.respond(taken.tokens[8]!, "200 OK");
  });

  it("C20 passes PRACK, UPDATE and INFO of the early dialog, whose reliable responses it has passed back", async () => {
    const [app, caller, callee] = [await world.app("invite"), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, ORDERS.recordRoute, [callee], { headers: ["Supported: 100rel"] });
    const invite = await callee.next("INVITE");
    const recorded = invite.header("Record-Route");
    callee.respond(invite, "183 Session Progress", { headers: ["Require: 100rel", "RSeq: 5"] });
    const progress = await caller.next("183 INVITE");
    expect([progress.header("Require"), progress.header("Record-Route")]).toEqual(["100rel", recorded]);
    const dialog = { callId: invite.header("Call-ID"), fromTag: invite.tag("From"), toTag: progress.tag("To") };
    const rack = `RAck: ${progress.header("RSeq")} ${invite.cseq} INVITE`;
    for (const [n, method] of ["PRACK", "UPDATE", "INFO"].entries()) {
      const headers = [`Route: ${recorded}`, ...(method === "PRACK" ? [rack] : [])];
      caller.request(method, { ...dialog, uri: callee.contact.slice(1, -1), cseq: 2 + n, headers });
      const passed = await callee.next(method);
      expect([passed.all("Route"), passed.all("Via").length]).toEqual([[], 2]);
      if (method === "PRACK") expect(passed.header("RAck")).toBe(`5 ${invite.cseq} INVITE`);
      callee.respond(passed, "200 OK");
      await caller.next(`200 ${method}`);
    }
    callee.respond(invite, "486 Busy Here");
    caller.ackRefusal(call.request, await caller.next("486 INVITE"));
    expect(await outcome(call)).toEqual(["486", "OK|done"]);
    await app.fence();
    expect(app.inbox.log.filter((what) => /PRACK|UPDATE|INFO/.test(what))).toEqual([]);
  });

  it("C20 REGISTER gets a Path and Require: path instead (RFC 3327)", async () => {
    const [app, caller, registrar] = [await world.app("register"), await world.peer(), await world.peer()];
    await proxied(app, caller, ORDERS.recordRoute, [registrar], { method: "REGISTER" });
    const request = await registrar.next("REGISTER");
    expect([request.header("Path"), request.header("Require")]).toEqual([`<sip:${world.udp};lr>`, "path"]);
    expect(request.all("Record-Route")).toEqual([]);
    registrar.respond(request, "200 OK");
    await caller.next("200 REGISTER");
  });

  it("C20 E28 Max-Forwards 0: 483 to the caller and NOK; an unknown transaction: NOK; no destination: 500 and NOK", async () => {
    const [app, caller, target] = [await world.app("options"), await world.peer(), await world.peer()];
    const text = caller.write("OPTIONS").text.replace("Max-Forwards: 70", "Max-Forwards: 0");
    caller.transmit(text);
    const place = `sip:${target.address}`;
    const order = (id: string, to: string): Promise<Frame> =>
      app.ask(`proxy|${id}|||||||${to}`, "OPTIONS sip:x SIP/2.0\r\n\r\n");
    const { tokens } = await app.next("OPTIONS");
    expect((await order(tokens[8]!, place)).tokens.slice(3)).toEqual([
      "NOK",
      "Rejected with 483 Too Many Hops due to Max-Forwards value of 0",
    ]);
    await caller.next("483 OPTIONS");
    expect((await order("nobody", place)).tokens.slice(3)).toEqual(["NOK", "Unknown transaction id: nobody"]);
    const second = await nextOf(app, caller.request("OPTIONS"));
    expect((await order(second.tokens[8]!, "sip:a@b:port")).tokens.slice(3)).toEqual([
      "NOK",
      "error proxying request to ",
    ]);
    await caller.next("500 OPTIONS");
    await target.fence();
    expect(target.inbox.log).toEqual(["501 FENCE"]);
  });

  it("C20 a Request-URI that is not ours stays; the destination is only the next hop", async () => {
    const [app, caller, target] = [await world.app("options"), await world.peer(), await world.peer()];
    await proxied(app, caller, ORDERS.serial, [target], { method: "OPTIONS", uri: "sip:bob@far.example" });
    const request = await target.next("OPTIONS");
    expect([request.uri, request.all("Route")]).toEqual(["sip:bob@far.example", []]);
    target.respond(request, "200 OK");
    await caller.next("200 OPTIONS");
  });

  it("C20 passes on what is repeated: a 2xx of the callee each time, an INVITE of the caller not", async () => {
    const [app, caller, callee] = [await world.app("invite"), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, ORDERS.serial, [callee]);
    const invite = await callee.next("INVITE");
    callee.respond(invite, "180 Ringing");
    await caller.next("180 INVITE");
    caller.transmit(call.request.text);
    const accepted = callee.respond(invite, "200 OK");
    const answer = await caller.next("200 INVITE");
    callee.transmit(accepted.text);
    await until(() => caller.times("200 INVITE").length >= 2, "the second 200 is not passed on");
    ack(caller, call.request, answer, callee);
    expect(await outcome(call)).toEqual(["200", "OK|done"]);
    expect(new Set(callee.inbox.all.map(({ item }) => item.branch)).size).toBe(1);
  });
});
