import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/engine.js";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import { calledBy, calling, fromPeer, hangUp, nextOf, World } from "../support/world.js";

const NO_DIALOG = "NOK|Server error: unable to find dialog for dialog id provided";
let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

describe("requests of the network in a dialog", () => {
  it("C9 gives the app every method with a transaction id of its own and the dialog id, and no address", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    for (const call of [await calledBy(phone, app), await calling(app, await world.peer())]) {
      const ids = new Set([call.transactionId]);
      for (const [n, method] of ["INFO", "OPTIONS", "MESSAGE", "NOTIFY", "UPDATE", "PUBLISH"].entries()) {
        const request = fromPeer(call, method, 10 + n, { headers: ["Event: x"] });
        const { tokens, sip } = await nextOf(app, request);
        const [host, port] = call.peer.address.split(":");
        expect(tokens.slice(1, 3)).toEqual(["sip", "network"]);
        expect(tokens.slice(4, 7)).toEqual(["udp", host, port]);
        expect(tokens.slice(9)).toEqual([call.dialogId, ""]);
        expect(sip.uri).toBe(request.uri);
        ids.add(tokens[8]!);
        const echo = await app.respond(tokens[8]!, "200 OK");
        expect(echo.tokens.slice(10)).toEqual([tokens[8], call.dialogId, "", "Msg sent:", ""]);
        await call.peer.next(`200 ${method}`);
      }
      expect(ids.size).toBe(7);
      await hangUp(call);
    }
  });

  it("C9 answers a re-INVITE with 100 first; its 200 is repeated until the ACK, which has a fresh transaction id", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    const again = fromPeer(call, "INVITE", 2, WITH_SDP);
    const { tokens, sip } = await nextOf(app, again);
    expect(tokens.slice(9)).toEqual([call.dialogId, ""]);
    expect(sip.body).toBe(again.body);
    const trying = await phone.inbox.next(
      ({ what, branch }) => what === "100 INVITE" && branch === again.branch,
      "100",
    );
    expect(trying.status).toBe(100);
    await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.inbox.next(
      ({ what, branch }) => what === "200 INVITE" && branch === again.branch,
      "200",
    );
    expect(answer.tag("To")).toBe(call.engineTag);
    const copies = (): number => phone.inbox.all.filter(({ item }) => item.text === answer.text).length;
    await until(() => copies() >= 3, "the 200 is not repeated");
    fromPeer(call, "ACK", 2);
    const ack = await app.next("ACK");
    expect(ack.tokens[9]).toBe(call.dialogId);
    expect([call.transactionId, tokens[8]]).not.toContain(ack.tokens[8]);
    await hangUp(call);
  });

  it("C9 ends the call when the 200 to a re-INVITE is never acknowledged", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    await app.respond((await nextOf(app, fromPeer(call, "INVITE", 2, WITH_SDP))).tokens[8]!, "200 OK", WITH_SDP);
    phone.respond(await phone.next("BYE"), "200 OK");
    expect((await app.next("BYE")).tokens.slice(8, 10)).toEqual(["unsolicited", call.dialogId]);
  });

  it("C9 removes the dialog when BYE comes, before the app answers; the answer is echoed without dialog id", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    fromPeer(call, "BYE", 2);
    const { tokens } = await app.next("BYE");
    expect(tokens[9]).toBe(call.dialogId);
    expect(verdict(await app.inDialog(call.dialogId, "INFO"))).toBe(NO_DIALOG);
    const echo = await app.respond(tokens[8]!, "200 OK");
    expect(echo.tokens.slice(10)).toEqual([tokens[8], "", "", "Msg sent:", ""]);
    await phone.next("200 BYE");
    fromPeer(call, "BYE", 3);
    await phone.next("481 BYE");
  });

  it("C9 answers 481 in a dialog nobody knows, INFO excepted, which is a new request to an app that wants it", async () => {
    const [app, phone] = [await world.app("invite", "info"), await world.peer()];
    for (const method of ["BYE", "UPDATE", "PRACK", "REFER"]) {
      phone.request(method, { toTag: "unknown" });
      await phone.next(`481 ${method}`);
    }
    const { tokens } = await nextOf(app, phone.request("INFO", { toTag: "unknown" }));
    expect(tokens.slice(9)).toEqual(["", "127.0.0.1", String(world.port("udp")), ""]);
    await app.respond(tokens[8]!, "481 Call Does Not Exist");
    await phone.next("481 INFO");
  });

  it("C9 E3 answers 481 in the dialogs of an app that is gone; BYE drops the dialog", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const [first, second] = [await calledBy(phone, app), await calling(app, await world.peer())];
    app.close();
    await until(() => world.engine.apps().length === 0, "the app is still connected");
    fromPeer(first, "INFO", 2);
    await phone.next("481 INFO");
    for (const call of [first, second]) {
      fromPeer(call, "BYE", 3);
      await call.peer.next("481 BYE");
    }
    expect(world.engine.counts()["dialogs"]).toBe(0);
  });

  it("C9 E6 takes BYE before the ACK: the 200 is not repeated any more and no ACK is missed", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    await app.respond((await nextOf(app, invite)).tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.next("200 INVITE");
    const dialog = { callId: invite.header("Call-ID"), fromTag: invite.tag("From"), toTag: answer.tag("To") };
    phone.request("BYE", { ...dialog, cseq: 2 });
    await app.respond((await app.next("BYE")).tokens[8]!, "200 OK");
    await phone.next("200 BYE");
    await phone.fence();
    const sent = phone.times("200 INVITE").length;
    await world.engine.idle();
    expect(phone.times("200 INVITE")).toHaveLength(sent);
    expect(app.inbox.open).toEqual([]);
  });

  it("C9 E6 answers a pending re-INVITE with 487 when BYE comes, and the app's late answer with NOK", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    const again = fromPeer(call, "INVITE", 2, WITH_SDP);
    const { tokens } = await nextOf(app, again);
    await hangUp(call, 3);
    phone.ackRefusal(again, await phone.next("487 INVITE"));
    expect(verdict(await app.respond(tokens[8]!, "200 OK", WITH_SDP))).toMatch(/^NOK\|/);
  });

  it("C9 E6 lets BYEs cross: both are answered, and the next request of the app finds no dialog", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    await app.inDialog(call.dialogId, "BYE");
    const ours = await phone.next("BYE");
    fromPeer(call, "BYE", 2);
    const theirs = await app.next("BYE");
    await app.respond(theirs.tokens[8]!, "200 OK");
    await phone.next("200 BYE");
    phone.respond(ours, "481 Call Does Not Exist");
    expect((await app.next("481 BYE")).tokens[9]).toBe(call.dialogId);
    expect(verdict(await app.inDialog(call.dialogId, "BYE"))).toBe(NO_DIALOG);
  });

  it("C9 E7 passes re-INVITEs that cross to the app, which answers 491 itself, and both dialogs ends live on", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    const echo = await app.inDialog(call.dialogId, "INVITE", WITH_SDP);
    const ours = await phone.next("INVITE");
    const theirs = fromPeer(call, "INVITE", 2, WITH_SDP);
    const { tokens } = await nextOf(app, theirs);
    await app.respond(tokens[8]!, "491 Request Pending");
    phone.ackRefusal(theirs, await phone.next("491 INVITE"));
    phone.respond(ours, "491 Request Pending");
    const glare = await app.next("491 INVITE");
    expect(glare.tokens.slice(8, 10)).toEqual([echo.tokens[10], call.dialogId]);
    expect((await phone.next("ACK")).cseq).toBe(ours.cseq);
    await hangUp(call, 3);
  });

  it("C9 gives both of two re-INVITEs that overlap to the app", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    const requests = [2, 3].map((cseq) => fromPeer(call, "INVITE", cseq, WITH_SDP));
    for (const request of requests) {
      await app.respond((await nextOf(app, request)).tokens[8]!, "488 Not Acceptable Here");
      const refused = ({ what, branch }: { what: string; branch: string }): boolean =>
        what === "488 INVITE" && branch === request.branch;
      phone.ackRefusal(request, await phone.inbox.next(refused, "488"));
    }
    await hangUp(call, 4);
  });

  it("C9 refuses a CSeq lower than one seen before with 500 and does not bother the app (RFC 3261 12.2.2)", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app, { cseq: 20 });
    fromPeer(call, "INFO", 19);
    await phone.next("500 INFO");
    await app.fence();
    expect(app.inbox.open).toEqual([]);
    await hangUp(call, 21);
  });
});
