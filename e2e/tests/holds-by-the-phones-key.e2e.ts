// The hold key of a telephone, in every form of SDP that telephones write, and re-INVITEs that are none.
import { describe, expect, it } from "@jest/globals";
import { nowMs } from "../src/clock.js";
import { hears, heardNothingOf } from "../src/hearing.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";
import { parseAudio, type SipText } from "../src/sip-text.js";

const scene = PhoneScene.forTests();

type Change = (sdp: string) => string;
const direction =
  (name: string): Change =>
  (sdp) =>
    sdp.replace("a=sendrecv", `a=${name}`);
const unchanged: Change = (sdp) => sdp;
const noDirection: Change = (sdp) => sdp.replace("a=sendrecv\r\n", "");
const addressZero: Change = (sdp) => sdp.replace(/^c=IN IP4 .*$/m, "c=IN IP4 0.0.0.0");

/** Status and direction of an answer. */
const said = (answer: SipText): [string, string | undefined] => [
  answer.start.slice("SIP/2.0 ".length),
  /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(answer.body)?.[1],
];

const fromOwner = async (change: Change | null) => said(await scene.eva.line.call.reinvite(change));

async function talk(): Promise<void> {
  const { customer, eva } = scene;
  await Promise.all([
    hears(customer, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
    hears(eva.line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] }),
  ]);
}

async function isHeld(): Promise<void> {
  const { customer, eva } = scene;
  expect((await eva.desktop()).interaction?.phase).toBe("held");
  await Promise.all([hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]), hearsSilence(eva.line)]);
}

describe("the owner's hold key", () => {
  const forms: [string, Change, string][] = [
    ["sendonly", direction("sendonly"), "recvonly"],
    ["inactive", direction("inactive"), "inactive"],
    ["c=0.0.0.0", addressZero, "recvonly"],
    ["c=0.0.0.0 without a direction", (sdp) => noDirection(addressZero(sdp)), "recvonly"],
    ["c=0.0.0.0 and inactive", (sdp) => addressZero(direction("inactive")(sdp)), "inactive"],
  ];
  it.each(forms)(
    "[HO-1] [HO-2] [HO-3] [HO-4] holds with %s: from the 200 on the customer hears music; no direction line takes it back",
    async (_, change, answered) => {
      await scene.connect();
      await talk();
      expect(await fromOwner(change)).toEqual(["200 OK", answered]);
      const inForce = nowMs();
      await isHeld();
      await heardNothingOf(scene.customer, [OWNER], inForce + 40, inForce + 1_000); // 40 ms: a packet on its way, and its length
      expect(await fromOwner(noDirection)).toEqual(["200 OK", "sendrecv"]);
      await scene.eva.isIn("connected");
      await talk();
    },
    40_000,
  );

  it("[HO-2] is not pressed by recvonly: the owner is silent, and hears the customer", async () => {
    await scene.connect();
    const { customer, eva } = scene;
    expect(await fromOwner(direction("recvonly"))).toEqual(["200 OK", "sendonly"]);
    expect((await eva.desktop()).interaction?.phase).toBe("connected");
    await Promise.all([hears(eva.line, { tones: [CUSTOMER] }), hearsSilence(customer)]);
    expect(await fromOwner(unchanged)).toEqual(["200 OK", "sendrecv"]);
    await talk();
  }, 40_000);

  it("[HO-2] pressed twice holds once, in one form and then in another", async () => {
    await scene.connect();
    expect(await fromOwner(direction("sendonly"))).toEqual(["200 OK", "recvonly"]);
    expect(await fromOwner(direction("inactive"))).toEqual(["200 OK", "inactive"]);
    await isHeld();
    expect(await fromOwner(unchanged)).toEqual(["200 OK", "sendrecv"]);
    await talk();
  }, 40_000);
});

describe("a re-INVITE without an offer", () => {
  it("[HO-2] is answered with the present state and changes nothing, connected and held", async () => {
    await scene.connect();
    const { eva } = scene;
    expect(await fromOwner(null)).toEqual(["200 OK", "sendrecv"]);
    await talk();
    await eva.line.call.hold(true);
    expect(await fromOwner(null)).toEqual(["200 OK", "recvonly"]);
    await isHeld();
    await eva.line.call.hold(false);
    await talk();
  }, 40_000);

  it("[HO-2] from the customer does not un-hold what the desktop holds", async () => {
    await scene.connect();
    const { customer, eva } = scene;
    expect(await eva.command({ type: "hold" })).toBeNull();
    expect(said(await customer.call.reinvite(null))).toEqual(["200 OK", "sendrecv"]);
    await isHeld();
    expect(await eva.command({ type: "unhold" })).toBeNull();
    await talk();
  }, 40_000);
});

describe("a recovery re-INVITE", () => {
  it.each([
    ["sendrecv", unchanged],
    ["no direction", noDirection],
    ["no offer", null],
  ])(
    "[HO-2] with %s does not un-hold what the desktop holds",
    async (_, change) => {
      await scene.connect();
      const { eva } = scene;
      expect(await eva.command({ type: "hold" })).toBeNull();
      expect(await fromOwner(change)).toEqual(["200 OK", "sendrecv"]);
      await isHeld();
      expect(await eva.command({ type: "unhold" })).toBeNull();
      await talk();
    },
    40_000,
  );

  it("[HO-2] [CO-3] during a consult, from whomever, leaves the customer held and the agents with each other", async () => {
    await scene.connect();
    await scene.consult();
    const { customer, eva, finn } = scene;
    expect(await fromOwner(unchanged)).toEqual(["200 OK", "sendrecv"]);
    expect(await fromOwner(null)).toEqual(["200 OK", "sendrecv"]);
    expect(said(await customer.call.reinvite(unchanged))).toEqual(["200 OK", "sendrecv"]);
    expect(said(await finn.line.call.reinvite(noDirection))).toEqual(["200 OK", "sendrecv"]);
    expect((await eva.desktop()).interaction?.consult).toMatchObject({ stage: "answered", active: "consult" });
    await Promise.all([
      hears(eva.line, { tones: [COLLEAGUE], not: [CUSTOMER] }),
      hears(finn.line, { tones: [OWNER], not: [CUSTOMER] }),
      hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]),
    ]);
  }, 40_000);
});

describe("[HO-5] anybody else's hold key", () => {
  it("takes the customer's own audio out and nothing more", async () => {
    await scene.connect();
    const { customer, eva } = scene;
    await customer.call.hold(true);
    expect(customer.call.remoteAudio?.direction).toBe("recvonly");
    await hearsSilence(eva.line);
    expect((await eva.desktop()).interaction?.phase).toBe("connected");
    await customer.call.hold(false);
    await talk();
  }, 40_000);

  it("takes agent 2's own audio out, and the customer stays with the music", async () => {
    await scene.connect();
    await scene.consult();
    const { customer, eva, finn } = scene;
    await finn.line.call.hold(true);
    await Promise.all([hearsSilence(eva.line), hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE])]);
    await finn.line.call.hold(false);
    await Promise.all([hears(eva.line, { tones: [COLLEAGUE] }), hears(finn.line, { tones: [OWNER] })]);
  }, 40_000);

  it("takes one party of a conference out, and the two others hear each other, without music", async () => {
    await scene.connect();
    await scene.consult();
    const { customer, eva, finn } = scene;
    expect(await eva.command({ type: "conference" })).toBeNull();
    for (const { line, own, others } of [
      { line: eva.line, own: OWNER, others: [customer, finn.line] },
      { line: customer, own: CUSTOMER, others: [eva.line, finn.line] },
    ]) {
      await line.call.hold(true);
      const rest = [CUSTOMER, OWNER, COLLEAGUE].filter((tone) => tone !== own);
      await Promise.all(
        others.map((other) => {
          const ownTone = other === customer ? CUSTOMER : other === eva.line ? OWNER : COLLEAGUE;
          return hears(other, { tones: rest.filter((tone) => tone !== ownTone), not: [own, ownTone] });
        }),
      );
      expect((await eva.desktop()).interaction?.phase).toBe("conference");
      await line.call.hold(false);
    }
    await Promise.all([
      hears(customer, { tones: [OWNER, COLLEAGUE] }),
      hears(eva.line, { tones: [CUSTOMER, COLLEAGUE] }),
      hears(finn.line, { tones: [CUSTOMER, OWNER] }),
    ]);
  }, 60_000);
});

describe("an offer that nobody can use", () => {
  it("[SG-5] [HO-2] is answered 488, and the call goes on as it was", async () => {
    await scene.connect();
    const { eva } = scene;
    const wrong = (sdp: string): string => sdp.replace("AVP 0 101", "AVP 18").replace(/^a=rtpmap.*\r\n/gm, "");
    expect((await eva.line.call.reinvite(wrong)).start).toMatch(/^SIP\/2\.0 488 /);
    expect(parseAudio((await eva.line.call.reinvite(null)).body)?.direction).toBe("sendrecv");
    await talk();
  }, 40_000);
});
