import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { WITH_SDP } from "../support/frame-client.js";
import { calledBy, calling, fromPeer, hangUp, nextOf, World } from "../support/world.js";

let world: World;
let plain: World;

beforeAll(async () => {
  world = await World.start();
  plain = await World.start("--nat-detection", "false");
});
afterEach(async () => {
  await world.clear();
  await plain.clear();
});
afterAll(async () => {
  await world.stop();
  await plain.stop();
});

describe("the way of requests in a dialog", () => {
  it("C17 of a call received: Record-Route as it came, to the first route, the Contact in the Request-URI", async () => {
    const [app, phone, proxy] = [await world.app("invite"), await world.peer(), await world.peer()];
    const routes = [`<sip:${proxy.address};lr;x=1>`, "<sip:192.0.2.2;lr>"];
    const call = await calledBy(phone, app, { headers: [`Record-Route: ${routes[0]}`, `Record-Route: ${routes[1]}`] });
    await app.inDialog(call.dialogId, "INFO");
    const info = await proxy.next("INFO");
    expect(info.uri).toBe(call.invite.uriOf("Contact"));
    expect(info.all("Route").join(", ")).toBe(routes.join(", "));
    proxy.respond(info, "200 OK");
    await app.next("200 INFO");
    await hangUp(call);
  });

  it("C17 of a call made: Record-Route of the 200 in reverse order", async () => {
    const [app, phone, proxy] = [await world.app(), await world.peer(), await world.peer()];
    await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    const invite = await phone.next("INVITE");
    const routes = ["<sip:192.0.2.2;lr>", `<sip:${proxy.address};lr>`];
    phone.respond(invite, "200 OK", { headers: [`Record-Route: ${routes.join(", ")}`] });
    await app.inDialog((await app.next("200 INVITE")).tokens[9]!, "ACK");
    const ack = await proxy.next("ACK");
    expect(ack.uri).toBe(`sip:${phone.name}@${phone.address}`);
    expect(ack.all("Route").join(", ")).toBe([...routes].reverse().join(", "));
    await app.inDialog(invite.dialogId, "BYE");
    proxy.respond(await proxy.next("BYE"), "200 OK");
    await app.next("200 BYE");
  });

  it("C17 over a strict router: its URI in the Request-URI, the Contact as the last Route (RFC 3261 12.2.1.1)", async () => {
    const [app, phone, proxy] = [await world.app("invite"), await world.peer(), await world.peer()];
    const call = await calledBy(phone, app, {
      headers: [`Record-Route: <sip:${proxy.address}>, <sip:192.0.2.2;lr>`],
    });
    await app.inDialog(call.dialogId, "INFO");
    const info = await proxy.next("INFO");
    expect(info.uri).toBe(`sip:${proxy.address}`);
    expect(info.all("Route").join(", ")).toBe(`<sip:192.0.2.2;lr>, <${call.invite.uriOf("Contact")}>`);
    proxy.respond(info, "200 OK");
    await app.next("200 INFO");
    await hangUp(call);
  });

  it("C17 to a UDP peer whose Contact is elsewhere: to where it sends from, Request-URI unchanged", async () => {
    const [app, phone, other] = [await world.app("invite"), await world.peer(), await world.peer()];
    const inward = await calledBy(phone, app, { contact: `<sip:x@${other.address}>` });
    await app.inDialog(inward.dialogId, "INFO");
    const info = await phone.next("INFO");
    expect(info.uri).toBe(`sip:x@${other.address}`);
    phone.respond(info, "200 OK");
    await app.next("200 INFO");
    await hangUp(inward);
    const callee = await world.peer();
    const outward = await calling(app, callee, WITH_SDP, { contact: "<sip:x@192.0.2.9:5060>" });
    await app.inDialog(outward.dialogId, "INFO");
    const second = await callee.next("INFO");
    expect(second.uri).toBe("sip:x@192.0.2.9:5060");
    callee.respond(second, "200 OK");
    await app.next("200 INFO");
    await hangUp(outward);
  });

  it("C17 to the Contact after all when NAT detection is off", async () => {
    const [app, phone, other] = [await plain.app("invite"), await plain.peer(), await plain.peer()];
    const call = await calledBy(phone, app, { contact: `<sip:x@${other.address}>` });
    await app.inDialog(call.dialogId, "INFO");
    other.respond(await other.next("INFO"), "200 OK");
    await app.next("200 INFO");
    await hangUp(call);
  });

  it("C17 to the Contact of the last re-INVITE, UPDATE or their 200, whoever sent them (RFC 3261 12.2)", async () => {
    const [app, phone] = [await plain.app("invite"), await plain.peer()];
    const call = await calledBy(phone, app);
    let cseq = 2;
    let target = phone;
    for (const refresh of ["INVITE", "UPDATE", "200 INVITE", "200 UPDATE"]) {
      const [, method = refresh] = refresh.split(" ");
      const moved = await plain.peer();
      const contact = `<sip:moved@${moved.address}>`;
      if (refresh.startsWith("200")) {
        await app.inDialog(call.dialogId, method, WITH_SDP);
        target.respond(await target.next(method), "200 OK", { contact });
        await app.next(`200 ${method}`);
        if (method === "INVITE") {
          await app.inDialog(call.dialogId, "ACK");
          expect((await moved.next("ACK")).uri).toBe(`sip:moved@${moved.address}`);
        }
      } else {
        const request = fromPeer(call, method, cseq++, { contact, ...WITH_SDP });
        await app.respond((await nextOf(app, request)).tokens[8]!, "200 OK", WITH_SDP);
        await phone.inbox.next((sip) => sip.branch === request.branch && sip.status === 200, "200");
        if (method === "INVITE") fromPeer(call, "ACK", cseq - 1);
      }
      await app.inDialog(call.dialogId, "INFO");
      const info = await moved.next("INFO");
      expect(info.uri).toBe(`sip:moved@${moved.address}`);
      moved.respond(info, "200 OK");
      await app.next("200 INFO");
      target = moved;
    }
    await hangUp(call, cseq);
  });
});
