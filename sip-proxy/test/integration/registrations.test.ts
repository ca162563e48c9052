// Telephones that register over UDP and TCP, from behind NATs too, with a real engine between them and the registrar.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { header, statusOf, type Ask, type SipPeer } from "../support/sip-peer.js";
import { EVA, FINN, GURO, SipSide } from "../support/sip-side.js";

jest.setTimeout(90_000);

let side: SipSide;
/** Behind a NAT: its Contact is an address of its own network. Asked with OPTIONS while the other tests run. */
let hidden: SipPeer;
const PRIVATE = "sip:phone@192.168.77.5:5060";

beforeAll(async () => {
  side = await SipSide.start();
  hidden = await side.udp("127.0.0.9");
  const made = await hidden.askAs("REGISTER", GURO, { contact: PRIVATE, headers: ["Expires: 120"] });
  expect(statusOf(made)).toBe(200);
}, 120_000);
afterAll(() => side.stop());

const contacts = async (peer: SipPeer, account = EVA): Promise<string> =>
  header(await peer.askAs("REGISTER", account, { contact: null }), "contact");
const status = async (peer: SipPeer, ask: Ask, account = EVA): Promise<number> =>
  statusOf(await peer.askAs("REGISTER", account, ask));
const clear = (peer: SipPeer, account = EVA): Promise<number> =>
  status(peer, { contact: "*", headers: ["Expires: 0"] }, account);

describe("the registrar", () => {
  it("[SG-2] registers over UDP and TCP, tells all contacts with the time left, and removes one or all", async () => {
    const [udp, tcp] = [await side.udp(), await side.tcp()];
    const first = await udp.askAs("REGISTER", EVA, { headers: ["Expires: 60"] });
    expect(header(first, "contact")).toMatch(new RegExp(`^<${udp.contact}>;expires=(60|59)$`));
    expect(header(first, "date")).toMatch(/GMT$/);
    const second = await tcp.askAs("REGISTER", EVA, { headers: ["Expires: 3600"] });
    expect(header(second, "contact")).toMatch(
      new RegExp(`^<${tcp.contact}>;expires=1(20|19), <${udp.contact}>;expires=\\d+$`),
    );
    expect(await status(udp, { headers: ["Expires: 0"] })).toBe(200);
    expect(await contacts(tcp)).toContain(tcp.contact);
    expect(await contacts(tcp)).not.toContain(udp.contact);
    expect(await clear(tcp)).toBe(200);
    expect(await contacts(udp)).toBe("");
  });

  it("[SG-2] holds REGISTERs of one Call-ID to their order, and refuses what is over too soon with 423", async () => {
    const peer = await side.udp();
    const callId = `order-${peer.port}`;
    expect(await status(peer, { callId, cseq: 10 })).toBe(200);
    expect(await status(peer, { callId, cseq: 5, headers: ["Expires: 0"] })).toBe(500);
    expect(await status(peer, { callId, cseq: 5, contact: "*", headers: ["Expires: 0"] })).toBe(500);
    expect(await contacts(peer)).toContain(peer.contact);
    const brief = await peer.askAs("REGISTER", EVA, { callId, cseq: 20, headers: ["Expires: 5"] });
    expect([statusOf(brief), header(brief, "min-expires")]).toEqual([423, "30"]);
    expect(await status(peer, { callId, cseq: 30, headers: ["Expires: 0"] })).toBe(200);
  });

  it("[SG-5] refuses Contacts that cannot be called, and goes on", async () => {
    const peer = await side.udp();
    const before = await side.metric('sip_refused_total{method="REGISTER",reason="malformed"}');
    for (const contact of ["tel:+4722000000", "mailto:a@b.test", "sip:@", "nonsense", "sip:a@[::1"])
      expect([contact, await status(peer, { contact })]).toEqual([contact, 400]);
    expect(await status(peer, { contact: "*" })).toBe(400);
    expect(await status(peer, { headers: ["Require: path"] })).toBe(420);
    expect(await status(peer, {})).toBe(200);
    expect(await side.metric('sip_refused_total{method="REGISTER",reason="malformed"}')).toBeGreaterThanOrEqual(
      before + 5,
    );
    await clear(peer);
  });

  it("[SG-2] calls a telephone behind a NAT where its REGISTER came from, over UDP and over its own TCP connection", async () => {
    for (const peer of [await side.udp("127.0.0.7"), await side.tcp("127.0.0.8")]) {
      const contact = `sip:finn@192.168.77.5:5060${peer.transport === "TCP" ? ";transport=tcp" : ""}`;
      expect(await status(peer, { contact }, FINN)).toBe(200);
      const phone = await side.phone(FINN, "finn", peer);
      await peer.askAs("REGISTER", FINN, { headers: ["Expires: 0"] }); // leaves the private contact alone
      const { hangUp } = await side.call(phone);
      expect(statusOf(await hangUp())).toBe(200);
      await side.customer.request("BYE").then((bye) => side.customer.answer(bye, "200 OK"));
      await side.settle(phone.api);
      await phone.api.delete("/api/session");
      await clear(peer, FINN);
    }
  });

  it("[SG-6] lets nobody register where another account is: its calls would come there", async () => {
    const before = await side.metric('sip_refused_total{method="REGISTER",reason="not-allowed"}');
    const thief = await side.tcp();
    expect(await status(thief, { contact: `${PRIVATE};transport=tcp` }, FINN)).toBe(403);
    expect(await side.metric('sip_refused_total{method="REGISTER",reason="not-allowed"}')).toBe(before + 1);
    expect(await contacts(thief, GURO)).toContain(PRIVATE);
  });

  it("[SG-6] [TK-1] takes no Contact where a trunk or this server is: calls to numbers would come there", async () => {
    const before = await side.metric('sip_refused_total{method="REGISTER",reason="not-allowed"}');
    const [thief, page] = [await side.tcp(), await side.ws()];
    const trunk = `127.0.0.1:${side.customer.port}`;
    const bad: readonly (readonly [SipPeer, string])[] = [
      [thief, `sip:+4722334455@${trunk};transport=tcp`],
      [thief, `sip:112:x@${trunk}`],
      [thief, "sip:+4722334455@127.0.0.1:9"],
      [thief, `sip:eva@127.0.0.1:${side.sip}`],
      [thief, "sip:page@somebody.invalid;transport=ws"],
      [page, `sip:+4722334455@${trunk}`],
      [page, `sip:+4722334455@${trunk};transport=ws`],
      [page, "sip:+4722334455@192.0.2.10:5060"],
    ];
    for (const [peer, contact] of bad) {
      const answer = await peer.askAs("REGISTER", FINN, { contact });
      expect([contact, statusOf(answer), header(answer, "warning")]).toEqual([
        contact,
        403,
        expect.stringMatching(/^399 legwork\.test "Contact is /),
      ]);
    }
    expect(await side.metric('sip_refused_total{method="REGISTER",reason="not-allowed"}')).toBe(before + bad.length);
    expect(await contacts(thief, FINN)).toBe("");
    expect(await status(page, {}, FINN)).toBe(200);
    expect(await clear(page, FINN)).toBe(200);
  });

  it("[SG-6] knows another account's place by user and host, whatever password or port is written", async () => {
    const [owner, thief] = [await side.tcp("127.0.0.10"), await side.udp()];
    expect(await status(owner, { contact: "sip:2002@10.0.0.7:5060;transport=tcp" }, FINN)).toBe(200);
    for (const contact of ["sip:2002:x@10.0.0.7:5060", "sip:2002@10.0.0.7:5062", "sip:%32002@10.0.0.7:5060"])
      expect([contact, await status(thief, { contact })]).toEqual([contact, 403]);
    const lamp = { uri: "sip:2003@legwork.test", to: "2003", headers: ["Event: dialog"] };
    const watcher = await side.tcp();
    const contact = "sip:2002@10.0.0.7:5060;transport=tcp";
    expect(statusOf(await watcher.askAs("SUBSCRIBE", EVA, { ...lamp, contact }))).toBe(403);
    expect(statusOf(await watcher.askAs("SUBSCRIBE", EVA, lamp))).toBe(200);
    expect(await clear(owner, FINN)).toBe(200);
  });

  it("[SG-2] keeps the way to a telephone behind a NAT open, and does not call one that has gone silent", async () => {
    const options = await hidden.request("OPTIONS", 60_000);
    expect(options.start).toBe(`OPTIONS ${PRIVATE} SIP/2.0`);
    hidden.answer(options, "200 OK");
    expect((await side.dump())["registrations"]).toContainEqual({ user: GURO.user, transport: "rtp", answers: true });
  });
});
