// Telephones that watch others: lamps, presence, mailboxes and who is in a call, with a real engine and real calls.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { header, sdp, statusOf, tagOf, type Ask, type SipPeer, type SipText } from "../support/sip-peer.js";
import { EVA, FINN, GURO, inDialog, SipSide, type Phone } from "../support/sip-side.js";

jest.setTimeout(90_000);

let side: SipSide;
let eva: Phone;

beforeAll(async () => {
  side = await SipSide.start();
  eva = await side.phone(EVA, "eva");
}, 120_000);
afterAll(() => side.stop());

const asking = (event: string, user: string, more: Partial<Ask> = {}, headers: readonly string[] = []): Ask => ({
  uri: `sip:${user}@legwork.test`,
  to: user,
  ...more,
  headers: [`Event: ${event}`, ...headers],
});
const status = async (peer: SipPeer, ask: Ask, account = FINN): Promise<number> =>
  statusOf(await peer.askAs("SUBSCRIBE", account, ask));

/** The next NOTIFY, taken with 200. */
async function told(peer: SipPeer): Promise<SipText> {
  const notify = await peer.request("NOTIFY");
  peer.answer(notify, "200 OK");
  return notify;
}
/** Takes NOTIFYs until one says so. */
async function toldOf(peer: SipPeer, what: string): Promise<SipText> {
  for (;;) {
    const notify = await told(peer);
    if (`${header(notify, "subscription-state")} ${notify.body}`.includes(what)) return notify;
  }
}

async function subscribed(peer: SipPeer, event: string, user: string, account = FINN) {
  const callId = `sub-${peer.port}`;
  const accepted = await peer.askAs(
    "SUBSCRIBE",
    account,
    asking(event, user, { callId, fromTag: "watcher" }, ["Expires: 600"]),
  );
  expect([statusOf(accepted), header(accepted, "expires")]).toEqual([200, "600"]);
  const uri = /<([^>]*)>/.exec(header(accepted, "contact"))?.[1] ?? "";
  const again = (cseq: number, headers: readonly string[]): Promise<SipText> =>
    peer.askAs("SUBSCRIBE", account, {
      ...asking(event, user, { callId, fromTag: "watcher", cseq, toTag: tagOf(header(accepted, "to")) }, headers),
      uri,
    });
  return { first: await told(peer), again };
}

describe("lamps", () => {
  it("[SG-7] are for who has a password, in packages there are, of people there are", async () => {
    const peer = await side.udp();
    expect(statusOf(await peer.ask("SUBSCRIBE", FINN.user, asking("dialog", "2001")))).toBe(401);
    expect(await status(peer, asking("dialog", "2001"), { ...FINN, password: "wrong" })).toBe(403);
    const bad = await peer.askAs("SUBSCRIBE", FINN, asking("winfo", "2001"));
    expect([statusOf(bad), header(bad, "allow-events")]).toEqual([
      489,
      "dialog, presence, message-summary, conference",
    ]);
    expect(await status(peer, asking("dialog", "2001", {}, ["Accept: text/plain"]))).toBe(406);
    expect(await status(peer, asking("dialog", "2001", {}, ["Expires: 5"]))).toBe(423);
    expect(await status(peer, asking("dialog", "9999"))).toBe(404);
    expect(await status(peer, asking("message-summary", "2001"))).toBe(403);
    expect(await status(peer, asking("conference", "focus-i-none"))).toBe(404);
    expect(await status(peer, asking("dialog", "2001", { contact: "tel:+47" }))).toBe(400);
    expect(await status(peer, asking("dialog", "2001", { contact: null }))).toBe(400);
  });

  it("[SG-7] follow a call: dark, blinking, lit, dark; renewed they tell all again; ended they say so", async () => {
    const peer = await side.udp();
    const { first, again } = await subscribed(peer, "dialog;id=7", "2001");
    expect(header(first, "event")).toBe("dialog;id=7");
    expect(header(first, "subscription-state")).toMatch(/^active;expires=(600|599)$/);
    expect(header(first, "content-type")).toBe("application/dialog-info+xml");
    expect(first.body).toContain('version="0"');
    expect(first.body).toContain('entity="sip:2001@legwork.test"');
    expect(first.body).toContain("<state>terminated</state>");
    const ringing = side.call(eva);
    await toldOf(peer, "<state>early</state>");
    const { hangUp, invite } = await ringing;
    const lit = await toldOf(peer, "<state>confirmed</state>");
    for (const secret of ["99999999", header(invite, "call-id"), tagOf(header(invite, "from"))])
      expect(lit.body).not.toContain(secret);
    expect(statusOf(await again(10, ["Expires: 300"]))).toBe(200);
    expect(header(await told(peer), "subscription-state")).toMatch(/^active;expires=(300|299)$/);
    await hangUp();
    await toldOf(peer, "<state>terminated</state>");
    await again(20, ["Expires: 0"]);
    expect(header(await told(peer), "subscription-state")).toBe("terminated;reason=timeout");
    await side.settle(eva.api);
  });

  it("[SG-7] tell once whoever asks once", async () => {
    const peer = await side.udp();
    expect(await status(peer, asking("message-summary", "2002", {}, ["Expires: 0"]))).toBe(200);
    const notify = await told(peer);
    expect(header(notify, "subscription-state")).toBe("terminated;reason=timeout");
    expect(notify.body).toBe(
      "Messages-Waiting: no\r\nMessage-Account: sip:2002@legwork.test\r\nVoice-Message: 0/0 (0/0)\r\n",
    );
  });

  it("[SG-7] show whether somebody can be called, over TCP too", async () => {
    const [watcher, phone] = [await side.tcp(), await side.udp()];
    const { api } = await side.phone(GURO, "guro", phone);
    const { first } = await subscribed(watcher, "presence", "guro");
    expect(first.body).toContain("<basic>open</basic>");
    await phone.askAs("REGISTER", GURO, { contact: "*", headers: ["Expires: 0"] });
    await toldOf(watcher, "<basic>closed</basic>");
    await api.delete("/api/session");
    await toldOf(watcher, "<note>offline</note>");
  });

  it("[SG-7] [IN-1] are those of telephones that nobody is signed in at, too, and say who called", async () => {
    const [caller, callee] = [await side.udp(), await side.udp()];
    await caller.askAs("REGISTER", FINN);
    await callee.askAs("REGISTER", GURO);
    const [ofCaller, ofCallee] = [await side.udp(), await side.udp()];
    await subscribed(ofCaller, "dialog", FINN.user, EVA);
    await subscribed(ofCallee, "dialog", GURO.user, EVA);
    const call = { uri: `sip:${GURO.user}@legwork.test`, callId: "lamps-inside", fromTag: "finn" };
    const headers = ["Content-Type: application/sdp"];
    const answer = caller.askAs("INVITE", FINN, { ...call, headers, body: sdp("127.0.0.1") });
    const rings = await callee.request("INVITE");
    expect((await toldOf(ofCaller, "<state>early</state>")).body).toContain('direction="initiator"');
    expect((await toldOf(ofCallee, "<state>early</state>")).body).toContain('direction="recipient"');
    callee.answer(rings, "200 OK", headers, sdp("127.0.0.1"));
    const taken = await answer;
    const uri = /<([^>]*)>/.exec(header(taken, "contact"))?.[1] ?? "";
    caller.send("ACK", FINN.user, { ...call, uri, cseq: 2, toTag: tagOf(header(taken, "to")) });
    expect((await toldOf(ofCaller, "<state>confirmed</state>")).body).toContain('direction="initiator"');
    expect((await toldOf(ofCallee, "<state>confirmed</state>")).body).toContain('direction="recipient"');
    await callee.ask("BYE", "", { ...inDialog(rings, callee), cseq: 1 });
    await toldOf(ofCaller, "<state>terminated</state>");
    await toldOf(ofCallee, "<state>terminated</state>");
    for (const [peer, account] of [
      [caller, FINN],
      [callee, GURO],
    ] as const)
      await peer.askAs("REGISTER", account, { contact: "*", headers: ["Expires: 0"] });
  });

  it("[SG-7] are told again later to a telephone that cannot take it now, and says when", async () => {
    const peer = await side.udp();
    expect(await status(peer, asking("presence", "2001"))).toBe(200);
    const first = await peer.request("NOTIFY");
    peer.answer(first, "503 Service Unavailable", ["Retry-After: 1"]);
    const second = await told(peer);
    expect(header(second, "call-id")).toBe(header(first, "call-id"));
    expect(header(second, "subscription-state")).toContain("active");
  });

  it("[SG-7] stop being told to a telephone that does not know of them any more", async () => {
    const peer = await side.udp();
    expect(await status(peer, asking("presence", "2001"))).toBe(200);
    peer.answer(await peer.request("NOTIFY"), "481 Gone");
    await peer.request("NOTIFY").then((last) => peer.answer(last, "481 Gone"));
    expect(await side.metric('subscriptions_total{event="presence",what="ended"}')).toBeGreaterThan(0);
  });

  it("[SG-7] show who is in an interaction to who is in it: agent 2 too, a stranger not, and nobody once it is over", async () => {
    await eva.api.post("/api/agent/state", { state: "available" });
    const finn = await side.phone(FINN, "finn");
    await finn.api.post("/api/agent/state", { state: "idle", reason: "not-ready" });
    const { hangUp } = await side.call(eva);
    const { id, focusUri } = (await eva.api.get("/api/desktop")).body.interaction;
    const focus = /^sip:([^@]*)@/.exec(focusUri)![1]!;
    const [ears, stranger] = [await side.udp(), await side.udp()];
    expect(await status(stranger, asking("conference", focus), GURO)).toBe(403);
    const asked = eva.api.post(`/api/interactions/${id}/commands`, {
      type: "consult",
      target: { kind: "agent", agent: "finn" },
    });
    const ring = await finn.peer.request("INVITE");
    finn.peer.answer(ring, "200 OK", ["Content-Type: application/sdp"], sdp("127.0.0.1"));
    await finn.peer.request("ACK");
    expect((await asked).status).toBeLessThan(300);
    const { first } = await subscribed(ears, "conference", focus);
    expect(first.body).toContain(`entity="${focusUri}"`);
    expect(first.body).toContain("<display-text>&lt;Eva &amp; &quot;E&quot;&gt;</display-text>");
    for (const role of ["customer", "owner", "consulted"]) expect(first.body).toContain(`<entry>${role}</entry>`);
    await finn.peer.ask("BYE", "", { ...inDialog(ring, finn.peer), cseq: 1 });
    await toldOf(ears, "terminated;reason=noresource");
    await hangUp();
  });

  it("[SG-5] survive what has no place in a subscription", async () => {
    const peer = await side.udp();
    const callId = `odd-${peer.port}`;
    const same = { callId, fromTag: "odd" };
    const accepted = await peer.askAs("SUBSCRIBE", FINN, asking("presence", "2001", same));
    const toTag = tagOf(header(accepted, "to"));
    await told(peer);
    for (const [n, method] of ["INVITE", "REFER", "INFO", "MESSAGE", "NOTIFY", "UPDATE", "BYE"].entries()) {
      const odd = { ...asking("presence", "2001", { ...same, toTag, cseq: 10 + n }), body: n % 2 ? "" : "v=0" };
      const answer = await peer.ask(method, FINN.user, odd);
      expect([method, statusOf(answer)]).not.toEqual([method, 0]);
    }
    expect(statusOf(await peer.askAs("REGISTER", FINN))).toBe(200);
  });
});
