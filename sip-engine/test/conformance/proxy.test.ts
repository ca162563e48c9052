import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { ack, ORDERS, outcome, proxied } from "../support/proxied.js";
import { World } from "../support/world.js";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

describe("proxying for an app", () => {
  it("C20 forwards: destination in the Request-URI, Via on top, one hop less, the app's headers, no Record-Route", async () => {
    const [app, caller, callee] = [await world.app("invite"), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, ORDERS.serial, [callee], { headers: ["Subject: x"] });
    const invite = await callee.next("INVITE");
    expect(invite.uri).toBe(`sip:${callee.name}@${callee.address}`);
    expect(invite.all("Via")).toHaveLength(2);
    expect(invite.all("Via")[1]).toContain(call.request.branch);
    expect([invite.header("Max-Forwards"), invite.header("X-By"), invite.header("Subject")]).toEqual([
      "69",
      "app",
      "x",
    ]);
    expect(invite.all("Record-Route")).toEqual([]);
    for (const name of ["From", "To", "Call-ID", "CSeq", "Contact"]) {
      expect(invite.header(name)).toBe(call.request.header(name));
    }
    callee.respond(invite, "100 Trying");
    callee.respond(invite, "180 Ringing");
    const ringing = await caller.next("180 INVITE");
    expect(ringing.all("Via")).toHaveLength(1);
    const accepted = callee.respond(invite, "200 OK");
    const answer = await caller.next("200 INVITE");
    expect(answer.header("To")).toBe(accepted.header("To"));
    ack(caller, call.request, answer, callee);
    const progress = await call.answer();
    const [host, port] = callee.address.split(":");
    expect(progress.tokens.slice(3, 5)).toEqual(["OK", "network"]);
    expect(progress.tokens.slice(6, 9)).toEqual(["udp", host, port]);
    expect(progress.tokens[9]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
    expect(progress.tokens.slice(10)).toEqual(["", "", "continue"]);
    expect(progress.sip.status).toBe(200);
    expect((await call.answer()).tokens.slice(3)).toEqual(["OK", "done"]);
    expect(caller.inbox.log.filter((what) => what === "100 INVITE").length).toBe(1);
  });

  it("C20 answers done at once, and nothing more, when the app does not want the responses", async () => {
    const [app, caller, callee] = [await world.app("message"), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, ORDERS.brief, [callee], { method: "MESSAGE" });
    expect(await outcome(call)).toEqual(["OK|done"]);
    callee.respond(await callee.next("MESSAGE"), "200 OK");
    await caller.next("200 MESSAGE");
    await app.fence();
    expect(app.inbox.open).toEqual([]);
  });

  it("C20 serial: one target after the other, each refusal acknowledged; the best of them goes back", async () => {
    const [app, caller] = [await world.app("invite"), await world.peer()];
    const cases: [answers: string[], best: string][] = [
      [["503 Service Unavailable", "404 Not Found", "486 Busy Here"], "404"],
      [["486 Busy Here", "500 Server Internal Error", "415 Unsupported Media Type"], "415"],
      [["500 Server Internal Error", "486 Busy Here", "603 Decline"], "603"],
    ];
    for (const [answers, best] of cases) {
      const targets = [await world.peer(), await world.peer(), await world.peer()];
      const call = await proxied(app, caller, ORDERS.serial, targets);
      for (const [n, target] of targets.entries()) {
        const invite = await target.next("INVITE");
        expect(targets.slice(n + 1).every(({ inbox }) => inbox.log.length === 0)).toBe(true);
        target.respond(invite, answers[n]!);
        expect((await target.next("ACK")).branch).toBe(invite.branch);
      }
      const refusal = await caller.inbox.next(
        ({ branch, status }) => branch === call.request.branch && status >= 300,
        "refusal",
      );
      expect(String(refusal.status)).toBe(best);
      caller.ackRefusal(call.request, refusal);
      expect(await outcome(call)).toEqual([...answers.map((line) => line.slice(0, 3)), "OK|done"]);
    }
  });

  it("C20 passes the only 503 back as 500 (RFC 3261 16.7)", async () => {
    const [app, caller, target] = [await world.app("invite"), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, ORDERS.serial, [target]);
    target.respond(await target.next("INVITE"), "503 Service Unavailable");
    caller.ackRefusal(call.request, await caller.next("500 INVITE"));
    expect(await outcome(call)).toEqual(["503", "OK|done"]);
  });

  it("C20 simultaneous: all at once; the first 2xx wins and cancels the rest", async () => {
    const [app, caller] = [await world.app("invite"), await world.peer()];
    const targets = [await world.peer(), await world.peer(), await world.peer()] as const;
    const call = await proxied(app, caller, ORDERS.simultaneous, targets);
    const invites = await Promise.all(targets.map((target) => target.next("INVITE")));
    expect(new Set(invites.map(({ branch }) => branch)).size).toBe(3);
    for (const [n, target] of targets.entries()) target.respond(invites[n]!, "180 Ringing");
    const [winner, ...losers] = targets;
    winner.respond(invites[0]!, "200 OK");
    ack(caller, call.request, await caller.next("200 INVITE"), winner);
    for (const [n, loser] of losers.entries()) {
      const cancel = await loser.next("CANCEL");
      expect(cancel.branch).toBe(invites[n + 1]!.branch);
      loser.respond(cancel, "200 OK");
      loser.respond(invites[n + 1]!, "487 Request Terminated");
      await loser.next("ACK");
    }
    const seen = await outcome(call);
    expect([seen[0], seen.at(-1)]).toEqual(["200", "OK|done"]);
    await caller.fence();
    expect(caller.inbox.log).not.toContain("487 INVITE");
  });

  it("C20 E14 follows a redirection to each of its Contacts, if told to", async () => {
    const [app, caller] = [await world.app("invite"), await world.peer()];
    const [first, second, third] = [await world.peer(), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, ORDERS.redirects, [first]);
    const contact = `<sip:${second.name}@${second.address}>;q=0.9, <sip:${third.name}@${third.address}>;q=0.1`;
    first.respond(await first.next("INVITE"), "302 Moved Temporarily", { contact });
    const invite = await second.next("INVITE");
    expect(invite.uri).toBe(`sip:${second.name}@${second.address}`);
    second.respond(invite, "480 Temporarily Unavailable");
    const last = await third.next("INVITE");
    third.respond(last, "200 OK");
    ack(caller, call.request, await caller.next("200 INVITE"), third);
    expect(await outcome(call)).toEqual(["302", "480", "200", "OK|done"]);
    const plain = await proxied(app, caller, ORDERS.serial, [first]);
    first.respond(await first.next("INVITE"), "302 Moved Temporarily", { contact });
    caller.ackRefusal(plain.request, await caller.next("302 INVITE"));
    expect(await outcome(plain)).toEqual(["302", "OK|done"]);
  });

  it("C20 E14 tries no target twice, though redirections name each other and themselves (RFC 3261 16.5)", async () => {
    const [app, caller, one, other] = [
      await world.app("invite"),
      await world.peer(),
      await world.peer(),
      await world.peer(),
    ];
    const both = [one, other].map(({ name, address }) => `<sip:${name}@${address}>`).join(", ");
    const call = await proxied(app, caller, ORDERS.redirects, [one]);
    one.respond(await one.next("INVITE"), "302 Moved Temporarily", { contact: both });
    other.respond(await other.next("INVITE"), "302 Moved Temporarily", { contact: both });
    caller.ackRefusal(call.request, await caller.next("302 INVITE"));
    expect(await outcome(call)).toEqual(["302", "302", "OK|done"]);
    // A busy machine may see an INVITE repeated: each try has a branch of its own.
    for (const target of [one, other]) {
      expect(
        new Set(target.inbox.all.filter(({ item }) => item.what === "INVITE").map(({ item }) => item.branch)).size,
      ).toBe(1);
    }
  });

  it("C20 a target given up by the provisional timeout that answers wins, and the others are cancelled (16.7)", async () => {
    const [app, caller] = [await world.app("invite"), await world.peer()];
    const [late, ringing, spare] = [await world.peer(), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, "|fullResponse||serial|200ms|", [late, ringing, spare]);
    const first = await late.next("INVITE");
    const second = await ringing.next("INVITE");
    ringing.respond(second, "180 Ringing");
    await caller.next("180 INVITE");
    late.respond(first, "200 OK");
    ack(caller, call.request, await caller.next("200 INVITE"), late);
    ringing.respond(await ringing.next("CANCEL"), "200 OK");
    ringing.respond(second, "487 Request Terminated");
    await ringing.next("ACK");
    expect(await outcome(call)).toEqual(["200", "487", "OK|done"]);
    expect(spare.inbox.log).toEqual([]);
  });

  it("C20 goes on to the next target after the provisional timeout, and after a connection refused", async () => {
    const [app, caller] = [await world.app("invite"), await world.peer()];
    const [silent, target] = [await world.peer(), await world.peer()];
    const call = await proxied(app, caller, "|fullResponse||serial|200ms|", [silent, target]);
    await silent.next("INVITE");
    const invite = await target.next("INVITE");
    target.respond(invite, "486 Busy Here");
    caller.ackRefusal(call.request, await caller.next("486 INVITE"));
    expect(await outcome(call)).toEqual(["486", "OK|done"]);
  });

  it("C20 cancels a target that only rings after the final timeout, and answers 408 when none is left", async () => {
    const [app, caller, target] = [await world.app("invite"), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, "|fullResponse||serial||300ms", [target]);
    const invite = await target.next("INVITE");
    target.respond(invite, "180 Ringing");
    target.respond(await target.next("CANCEL"), "200 OK");
    target.respond(invite, "487 Request Terminated");
    await target.next("ACK");
    caller.ackRefusal(call.request, await caller.next("408 INVITE"));
    expect((await outcome(call)).at(-1)).toBe("OK|done");
  });

  it("C20 E19 repeats the INVITE to a silent target over UDP and answers 408 after 64·T1", async () => {
    const [app, caller, target] = [await world.app("invite"), await world.peer(), await world.peer()];
    const call = await proxied(app, caller, ORDERS.serial, [target]);
    caller.ackRefusal(call.request, await caller.next("408 INVITE"));
    expect([6, 7]).toContain(target.times("INVITE").length);
    expect((await outcome(call)).at(-1)).toBe("OK|done");
  });

  it("C20 E11 stops at a challenge, and brings the caller's second try to the target that challenged it", async () => {
    const [app, caller] = [await world.app("invite"), await world.peer()];
    const [target, other] = [await world.peer(), await world.peer()];
    const first = await proxied(app, caller, ORDERS.serial, [target, other]);
    target.respond(await target.next("INVITE"), "407 Proxy Authentication Required", {
      headers: ['Proxy-Authenticate: Digest realm="r", nonce="N1"'],
    });
    const challenge = await caller.next("407 INVITE");
    expect(challenge.header("Proxy-Authenticate")).toBe('Digest realm="r", nonce="N1"');
    caller.ackRefusal(first.request, challenge);
    expect(await outcome(first)).toEqual(["407", "OK|done"]);
    const again = await proxied(app, caller, ORDERS.serial, [other], {
      callId: first.request.header("Call-ID"),
      cseq: 2,
      headers: ['Proxy-Authorization: Digest username="a", realm="r", nonce="N1", response="x"'],
    });
    const invite = await target.next("INVITE");
    expect(invite.header("Proxy-Authorization")).toContain('nonce="N1"');
    target.respond(invite, "200 OK");
    ack(caller, again.request, await caller.next("200 INVITE"), target);
    expect(await outcome(again)).toEqual(["200", "OK|done"]);
    expect(other.inbox.log).toEqual([]);
  });
});
