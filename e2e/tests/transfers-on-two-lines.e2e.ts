// A telephone with two lines does the owner's whole job by its own keys: hold, second call, swap, attended transfer, conference.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { nowMs, untilMs, waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import type { SipCall } from "../src/sip-call.js";
import { header, type SipText } from "../src/sip-text.js";
import { PHONE_PASSWORD, SITE_DOMAIN } from "../src/site.js";

const ACCOUNT = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };

let scene: PhoneScene;
/** The owner's second line. */
let second: RtpCustomer;

beforeAll(async () => {
  scene = await PhoneScene.open();
}, 90_000);
afterAll(() => scene?.close(), 30_000);

beforeEach(async () => {
  second = await RtpCustomer.create({ name: "line two of phone 2001", tone: OWNER, number: "2001" });
  await scene.connect();
});

afterEach(async () => {
  second.hangUp();
  await scene.settle();
  second.close();
}, 30_000);

/** Holds the customer and dials Finn on the second line; he rings. */
async function dialsFinn(): Promise<SipCall> {
  await scene.eva.line.call.hold(true);
  second.dial(scene.product.uri("2002"), [], true, ACCOUNT);
  return scene.finn.line.rings();
}

async function consults(): Promise<void> {
  (await dialsFinn()).answer();
  await second.call.answered();
  await scene.eva.consultIs("answered");
}

/** REFER on one call naming the other; resolves with its final response. */
const refer = (on: SipCall, naming: SipCall): Promise<SipText> =>
  on.exchange("REFER", "", "", [
    ["Refer-To", `<sip:2002@${SITE_DOMAIN}?Replaces=${encodeURIComponent(naming.replaces)}>`],
  ]);

/** The sipfrag statuses that a line was notified of in its present call, in order. */
const notified = (line: RtpCustomer): string[] =>
  line.trace
    .split("\n----\n")
    .filter((message) => /^< \S+\nNOTIFY /.test(message) && message.includes(line.call.replaces.split(";")[0]!))
    .map((message) => /^SIP\/2\.0 (\d+)/m.exec(message.slice(message.indexOf("\r\n\r\n")))?.[1] ?? "none");

/** The consult goes on: the customer hears music, the agents each other on the second line. */
async function isConsulting(): Promise<void> {
  const { customer, finn } = scene;
  await Promise.all([
    hears(second, { tones: [COLLEAGUE], not: [CUSTOMER, OWNER] }),
    hears(finn.line, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
    hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]),
  ]);
}

async function isTransferred(): Promise<void> {
  const { customer, eva, finn } = scene;
  await finn.isIn("connected");
  await Promise.all([
    hears(customer, { tones: [COLLEAGUE], not: [CUSTOMER, OWNER] }),
    hears(finn.line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] }),
  ]);
  expect((await finn.desktop()).interaction).toMatchObject({ role: "owner" });
  expect((await eva.desktop()).wrapUps).toHaveLength(1);
}

describe("a consult on the second line", () => {
  it("[SG-2] [CO-2] [SG-4] rings with ringback in a 183 while the customer hears music, then the agents talk", async () => {
    const sinceMs = nowMs();
    const ringing = await dialsFinn();
    await hears(second, { tones: [425], not: [CUSTOMER, COLLEAGUE], sinceMs });
    await hearsMusic(scene.customer, [CUSTOMER, OWNER, COLLEAGUE]);
    expect(second.call.statuses).toContain(183);
    expect(second.call.statuses).not.toContain(200);
    ringing.answer();
    await second.call.answered();
    await isConsulting();
  }, 40_000);

  it("[SG-2] [CO-3] is swapped by the hold keys, and back", async () => {
    await consults();
    const { customer, eva, finn } = scene;
    await eva.line.call.hold(false);
    await second.call.hold(true);
    await Promise.all([
      hears(eva.line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] }),
      hears(customer, { tones: [OWNER], not: [COLLEAGUE] }),
      hearsMusic(finn.line, [CUSTOMER, OWNER, COLLEAGUE]),
    ]);
    await eva.line.call.hold(true);
    await Promise.all([
      hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]),
      hearsMusic(finn.line, [CUSTOMER, OWNER, COLLEAGUE]), // both held, as the owner may
    ]);
    await second.call.hold(false);
    await isConsulting();
  }, 40_000);

  it("[SG-2] [CO-8] given up while it rings, or [CO-9] hung up after the answer, leaves the customer", async () => {
    const { customer, eva, finn } = scene;
    await dialsFinn();
    second.call.cancel();
    expect(await second.call.ended()).toMatchObject({ status: 487 });
    await finn.line.call.ended();
    await eva.line.call.hold(false);
    await hears(customer, { tones: [OWNER] });

    await consults();
    second.call.hangUp();
    await finn.line.call.ended();
    await eva.line.call.hold(false);
    await Promise.all([hears(customer, { tones: [OWNER] }), hears(eva.line, { tones: [CUSTOMER] })]);
    expect((await eva.desktop()).wrapUps).toEqual([]);
  }, 40_000);

  it("[SG-2] [CO-7] ends with everything when the first line is hung up", async () => {
    await consults();
    const { customer, eva, finn } = scene;
    eva.line.call.hangUp();
    await Promise.all([customer.call.ended(), finn.line.call.ended(), second.call.ended()]);
    expect((await eva.desktop()).wrapUps).toHaveLength(1);
    expect((await finn.desktop()).wrapUps).toEqual([]);
  }, 40_000);
});

describe("an attended transfer by REFER with Replaces", () => {
  it("[SG-2] [SG-3] [CO-4] on the customer's call: 202, NOTIFY 100, one final NOTIFY, then BYE on both", async () => {
    await consults();
    const { eva } = scene;
    const first = eva.line.call;
    expect((await refer(first, second.call)).start).toMatch(/^SIP\/2\.0 202 /);
    await Promise.all([first.ended(), second.call.ended()]);
    expect(notified(eva.line)).toEqual(["100", "200"]);
    expect(first.requests).toEqual(["NOTIFY", "NOTIFY", "BYE"]);
    await isTransferred();
  }, 40_000);

  it("[SG-3] on the consult's call, naming the customer's", async () => {
    await consults();
    const { eva } = scene;
    const first = eva.line.call;
    expect((await refer(second.call, first)).start).toMatch(/^SIP\/2\.0 202 /);
    await Promise.all([first.ended(), second.call.ended()]);
    expect(notified(second)).toEqual(["100", "200"]);
    expect(second.call.requests).toEqual(["NOTIFY", "NOTIFY", "BYE"]);
    await isTransferred();
  }, 40_000);

  it.each([0, 50, 150, 300, 500])(
    "[SG-3] survives a transferor who hangs up both calls %i ms after the 202",
    async (delay) => {
      await consults();
      const first = scene.eva.line.call;
      expect((await refer(first, second.call)).start).toMatch(/^SIP\/2\.0 202 /);
      await untilMs(nowMs() + delay);
      for (const call of [first, second.call]) if (call.state.phase === "up") call.hangUp();
      await isTransferred();
    },
    40_000,
  );

  it("[SG-3] [CO-4] survives a transferor who hangs up before anything was heard of the colleague", async () => {
    const { eva, finn } = scene;
    finn.line.rtp.silent = true;
    await consults();
    expect((await refer(eva.line.call, second.call)).start).toMatch(/^SIP\/2\.0 202 /);
    for (const call of [second.call, eva.line.call]) call.hangUp();
    await hears(finn.line, { tones: [CUSTOMER], not: [OWNER] });
    finn.line.rtp.silent = false;
    await isTransferred();
  }, 40_000);

  it("[SG-3] is refused when it names a call that is not the other one, and changes nothing", async () => {
    await consults();
    const { eva } = scene;
    const first = eva.line.call;
    expect((await refer(first, first)).start).toMatch(/^SIP\/2\.0 403 /);
    const stranger = { replaces: "nobody@nowhere;to-tag=1;from-tag=2" } as SipCall;
    const answer = await refer(first, stranger);
    expect(answer.start).toMatch(/^SIP\/2\.0 403 /);
    expect(header(answer, "warning")).toMatch(/^399 /);
    expect(notified(eva.line)).toEqual([]);
    await isConsulting();
  }, 40_000);

  it("[SG-3] [SG-4] [CO-4] that fails ends with one NOTIFY 503 and the call as it was; a second REFER meanwhile gets 491", async () => {
    const { eva, finn } = scene;
    finn.line.rtp.silent = true;
    await consults();
    const first = eva.line.call;
    expect((await refer(first, second.call)).start).toMatch(/^SIP\/2\.0 202 /);
    expect((await refer(first, second.call)).start).toMatch(/^SIP\/2\.0 491 /);
    await waitFor(() => (notified(eva.line).length > 1 ? undefined : "no final NOTIFY yet"));
    finn.line.rtp.silent = false;
    expect(notified(eva.line)).toEqual(["100", "503"]);
    expect([first.state.phase, second.call.state.phase]).toEqual(["up", "up"]);
    await isConsulting();
    expect((await eva.desktop()).wrapUps).toEqual([]);
  }, 40_000);
});

describe("a conference by REFER to the focus", () => {
  it("[SG-2] [CO-6] [CF-1] is carried by the line that is off hold; when the first comes off hold, the second ends", async () => {
    await consults();
    const { customer, eva, finn } = scene;
    const { focusUri } = (await eva.desktop()).interaction as unknown as { focusUri: string };
    const answer = await second.call.exchange("REFER", "", "", [["Refer-To", `<${focusUri}>`]]);
    expect(answer.start).toMatch(/^SIP\/2\.0 202 /);
    const hearEachOther = (owner: RtpCustomer) =>
      Promise.all([
        hears(owner, { tones: [CUSTOMER, COLLEAGUE], not: [OWNER] }),
        hears(customer, { tones: [OWNER, COLLEAGUE], not: [CUSTOMER] }),
        hears(finn.line, { tones: [CUSTOMER, OWNER], not: [COLLEAGUE] }),
      ]);
    await hearEachOther(second);
    expect(notified(second)).toEqual(["100", "200"]);
    await eva.line.call.hold(false);
    expect(await second.call.ended()).toMatchObject({ by: "peer" });
    await hearEachOther(eva.line);
    eva.line.call.hangUp(); // CF-2: the two others go on
    await isTransferred();
  }, 40_000);
});

describe("two requests that cross", () => {
  it("[SG-4] [HO-2] the hold key twice at once: each re-INVITE gets one answer, and the customer is held once", async () => {
    const { customer, eva } = scene;
    const change = (direction: string) => (sdp: string) => sdp.replace("a=sendrecv", `a=${direction}`);
    const [one, two] = await Promise.all([
      eva.line.call.reinvite(change("sendonly")),
      eva.line.call.reinvite(change("sendonly")),
    ]);
    const statuses = [one, two].map(({ start }) => Number(start.split(" ")[1]));
    expect(statuses).toContain(200);
    expect(statuses.every((status) => [200, 491, 500].includes(status))).toBe(true);
    await Promise.all([hearsMusic(customer, [CUSTOMER, OWNER]), hearsSilence(eva.line)]);
    await eva.line.call.hold(false);
    await Promise.all([hears(customer, { tones: [OWNER] }), hears(eva.line, { tones: [CUSTOMER] })]);
  }, 40_000);
});
