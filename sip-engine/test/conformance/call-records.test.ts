import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "../support/engine.js";
import { WITH_SDP } from "../support/frame-client.js";
import type { Frame, FrameClient } from "../support/frame-client.js";
import type { Peer } from "../support/peer.js";
import type { Sip } from "../support/sip.js";
import { calledBy, calling, hangUp, nextOf, World } from "../support/world.js";

const VERBS = ["cdr:attempt", "cdr:start", "cdr:stop"];
let world: World;

beforeAll(async () => {
  world = await World.start("--min-se", "2");
});
afterEach(() => world.clear());
afterAll(() => world.stop());

/** A record as its meta line has it, without message id and time, and what message came with it. */
const line = ({ tokens, sip }: Frame): string => `${[tokens[1], tokens[2], ...tokens.slice(4)].join(" ")}: ${sip.what}`;

/** Waits for that many records and tells them. */
async function records(clerk: FrameClient, count: number): Promise<string[]> {
  const all = (): Frame[] =>
    clerk.inbox.all.map(({ item }) => item).filter(({ tokens }) => tokens[1]!.startsWith("cdr:"));
  await until(
    () => all().length >= count,
    () => `${count} records wanted, there are ${all().map(line).join(", ")}`,
  );
  await clerk.fence();
  return all().map(line);
}

async function scene(...verbs: string[]): Promise<{ clerk: FrameClient; app: FrameClient; phone: Peer }> {
  const clerk = await world.app(...VERBS);
  return { clerk, app: await world.app(...verbs), phone: await world.peer() };
}

async function refused(app: FrameClient, phone: Peer, status: string): Promise<Sip> {
  const invite = phone.request("INVITE");
  await app.respond((await nextOf(app, invite)).tokens[8]!, status);
  phone.ackRefusal(invite, await phone.next(`${status.slice(0, 3)} INVITE`));
  return invite;
}

describe("call detail records", () => {
  it("C22 has type, source, time of day, role or reason, and the message that caused it", async () => {
    const { clerk, app, phone } = await scene("invite");
    const call = await calledBy(phone, app);
    await hangUp(call);
    const [attempt, start, stop] = await Promise.all(
      (["attempt", "start", "stop"] as const).map((type) => clerk.nextCdr(type)),
    );
    const time = expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{6}$/);
    expect(attempt!.tokens.slice(1)).toEqual(["cdr:attempt", "network", time]);
    expect(start!.tokens.slice(1)).toEqual(["cdr:start", "application", time, "uas"]);
    expect(stop!.tokens.slice(1)).toEqual(["cdr:stop", "network", time, "normal-release"]);
    expect(attempt!.sip.header("Call-ID")).toBe(call.callId);
    expect([attempt!.sip.what, start!.sip.what, stop!.sip.what]).toEqual(["INVITE", "200 INVITE", "BYE"]);
    expect(start!.sip.text).toBe(call.answer.text);
  });

  it("C22 of a call made: attempt application, start network uac, stop application normal-release", async () => {
    const { clerk, app, phone } = await scene();
    const call = await calling(app, phone);
    await app.inDialog(call.dialogId, "BYE");
    phone.respond(await phone.next("BYE"), "200 OK");
    await app.next("200 BYE");
    expect(await records(clerk, 3)).toEqual([
      "cdr:attempt application: INVITE",
      "cdr:start network uac: 200 INVITE",
      "cdr:stop application normal-release: BYE",
    ]);
  });

  it("C22 of refused calls, both ways, and of a call no app wants: call-rejected", async () => {
    const { clerk, app, phone } = await scene("invite");
    await refused(app, phone, "486 Busy Here");
    await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    phone.respond(await phone.next("INVITE"), "404 Not Found");
    await app.next("404 INVITE");
    await app.ask("remove_route|invite");
    const invite = phone.request("INVITE");
    phone.ackRefusal(invite, await phone.next("503 INVITE"));
    expect(await records(clerk, 6)).toEqual([
      "cdr:attempt network: INVITE",
      "cdr:stop application call-rejected: 486 INVITE",
      "cdr:attempt application: INVITE",
      "cdr:stop network call-rejected: 404 INVITE",
      "cdr:attempt network: INVITE",
      "cdr:stop application call-rejected: 503 INVITE",
    ]);
  });

  it("C22 of cancelled calls, both ways: call-canceled", async () => {
    const { clerk, app, phone } = await scene("invite");
    const invite = phone.request("INVITE");
    await nextOf(app, invite);
    phone.cancel(invite);
    phone.ackRefusal(invite, await phone.next("487 INVITE"));
    const echo = await app.request(`INVITE sip:bob@${phone.address}`, WITH_SDP);
    const ours = await phone.next("INVITE");
    phone.respond(ours, "180 Ringing");
    await app.next("180 INVITE");
    await app.cancel(echo.tokens[10]!);
    phone.respond(await phone.next("CANCEL"), "200 OK");
    phone.respond(ours, "487 Request Terminated");
    await app.next("487 INVITE");
    const told = await records(clerk, 4);
    expect(told.map((one) => one.replace(/:[^:]*$/, ""))).toEqual([
      "cdr:attempt network",
      "cdr:stop network call-canceled",
      "cdr:attempt application",
      "cdr:stop network call-canceled",
    ]);
  });

  it("C22 of calls the engine ends: session-expired, and system-initiated-termination", async () => {
    const { clerk, app, phone } = await scene("invite");
    await calledBy(phone, app, {}, { headers: ["Session-Expires: 2;refresher=uac"] });
    phone.respond(await phone.next("BYE"), "200 OK");
    const invite = phone.request("INVITE");
    await app.respond((await nextOf(app, invite)).tokens[8]!, "200 OK", WITH_SDP);
    await phone.next("200 INVITE");
    phone.respond(await phone.next("BYE"), "200 OK");
    expect((await records(clerk, 6)).filter((one) => one.startsWith("cdr:stop"))).toEqual([
      "cdr:stop application session-expired: BYE",
      "cdr:stop application system-initiated-termination: BYE",
    ]);
  });

  it("C22 of a proxied call: proxy-uas and proxy-uac", async () => {
    const { clerk, app, phone } = await scene("invite");
    const callee = await world.peer();
    const invite = phone.request("INVITE", { uri: `sip:service@${world.udp}` });
    const { tokens } = await nextOf(app, invite);
    const order = randomUUID();
    app.write(
      `${order}|proxy|${tokens[8]}|remainInDialog|fullResponse||serial|||sip:${callee.address}\r\nINVITE x SIP/2.0\r\n\r\n`,
    );
    const forwarded = await callee.next("INVITE");
    const accepted = callee.respond(forwarded, "200 OK");
    await phone.next("200 INVITE");
    const dialog = { callId: invite.header("Call-ID"), fromTag: invite.tag("From"), toTag: accepted.tag("To") };
    const parts = { ...dialog, uri: `sip:${callee.address}`, headers: [`Route: ${forwarded.header("Record-Route")}`] };
    phone.request("ACK", parts);
    phone.request("BYE", { ...parts, cseq: 2 });
    callee.respond(await callee.next("BYE"), "200 OK");
    await phone.next("200 BYE");
    const told = (await records(clerk, 5)).sort();
    expect(told).toEqual([
      "cdr:attempt application: INVITE",
      "cdr:attempt network: INVITE",
      "cdr:start application proxy-uas: 200 INVITE",
      "cdr:start network proxy-uac: 200 INVITE",
      "cdr:stop network normal-release: BYE",
    ]);
  });

  it("C22 each record goes to one app of those that asked for it, in turn, and to none that did not", async () => {
    const clerks = [await world.app(...VERBS), await world.app(...VERBS)];
    const [app, phone] = [await world.app("invite"), await world.peer()];
    for (let i = 0; i < 4; i++) await refused(app, phone, "486 Busy Here");
    for (const clerk of clerks) {
      const told = await records(clerk, 4);
      expect(told.filter((one) => one.startsWith("cdr:attempt"))).toHaveLength(2);
      expect(told.filter((one) => one.startsWith("cdr:stop"))).toHaveLength(2);
    }
    expect(app.inbox.log.filter((what) => what.startsWith("cdr:"))).toEqual([]);
  });
});
