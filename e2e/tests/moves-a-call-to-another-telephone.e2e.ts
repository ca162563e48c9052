// An INVITE with Replaces (RFC 3891) moves its sender's own end of a call to another of their telephones, and takes nobody's call over.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { hears } from "../src/hearing.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, openCustomer, OWNER, PhoneScene } from "../src/phone-scene.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PHONE_PASSWORD, PHONES_NUMBER, SITE_DOMAIN } from "../src/site.js";

const TONES = [CUSTOMER, OWNER, COLLEAGUE];

let scene: PhoneScene;
/** Another telephone of Eva's. */
let other: RtpCustomer;

beforeAll(async () => {
  scene = await PhoneScene.open();
}, 90_000);
afterAll(() => scene?.close(), 30_000);

beforeEach(async () => {
  other = await RtpCustomer.create({ name: "Eva's other telephone", tone: OWNER, number: "2001" });
});
afterEach(async () => {
  other.hangUp();
  await scene.settle();
  other.close();
}, 30_000);

const account = (user: string) => ({ user, password: PHONE_PASSWORD, domain: SITE_DOMAIN });

/** Sends an INVITE with this Replaces from a telephone. */
const replaces = (on: RtpCustomer, value: string, user = "2001", to = "2001") =>
  on.dial(scene.product.uri(to), [["Replaces", value]], true, account(user));

/** What is refused: the status line, and the Warning if there is one. */
async function refused(on: RtpCustomer, value: string, user = "2001"): Promise<string> {
  const before = on.trace.length;
  const { reason } = await replaces(on, value, user).ended();
  const warning = /^Warning: 399 \S+ "([^:"]*)/im.exec(on.trace.slice(before))?.[1];
  return [reason.replace(/^SIP\/2\.0 /, "").slice(0, 3), warning].filter(Boolean).join(" ");
}

/** The same dialog with its parameters the other way round, as seen from the other end, or with early-only. */
function written(value: string, how: "plain" | "other order" | "other side" | "early-only"): string {
  const [callId = "", to = "", from = ""] = value.split(";");
  const [toTag, fromTag] = [to.split("=")[1], from.split("=")[1]];
  switch (how) {
    case "plain":
      return value;
    case "other order":
      return `${callId};from-tag=${fromTag};to-tag=${toTag}`;
    case "other side":
      return `${callId};to-tag=${fromTag};from-tag=${toTag}`;
    case "early-only":
      return `${value};early-only`;
  }
}

describe("a call that is up", () => {
  it.each(["plain", "other order", "other side"] as const)(
    "[SG-3] [SG-2] goes on on another telephone of the same agent, named by its dialog, %s",
    async (how) => {
      await scene.connect();
      const { customer, eva } = scene;
      await replaces(other, written(eva.line.call.replaces, how)).answered();
      expect(await eva.line.call.ended()).toMatchObject({ by: "peer" });
      await Promise.all([
        hears(customer, { tones: [OWNER], not: [CUSTOMER] }),
        hears(other, { tones: [CUSTOMER], not: [OWNER] }),
      ]);
      expect((await eva.desktop()).interaction).toMatchObject({ phase: "connected", role: "owner" });
      expect((await eva.desktop()).wrapUps).toEqual([]);
      await other.call.hold(true); // its keys are the agent's now
      await eva.isIn("held");
      await other.call.hold(false);
      await hears(customer, { tones: [OWNER] });
    },
    40_000,
  );

  it("[SG-3] is found by the dialog of the other side of us, the customer's", async () => {
    await scene.connect();
    const { customer, eva } = scene;
    await replaces(other, customer.call.replaces, "2001", "2001").answered();
    await eva.line.call.ended();
    expect(customer.call.state.phase).toBe("up");
    await Promise.all([hears(customer, { tones: [OWNER] }), hears(other, { tones: [CUSTOMER] })]);
  }, 40_000);

  it("[SG-3] [HO-2] comes off the hold of the former telephone's key, and stays on hold of the desktop", async () => {
    await scene.connect();
    const { customer, eva } = scene;
    await eva.line.call.hold(true);
    await replaces(other, eva.line.call.replaces).answered();
    await eva.isIn("connected");
    await hears(customer, { tones: [OWNER] });
    expect(await eva.command({ type: "hold" })).toBeNull();
    const third = await RtpCustomer.create({ name: "Eva's third telephone", tone: OWNER, number: "2001" });
    try {
      await replaces(third, other.call.replaces).answered();
      await other.call.ended();
      await Promise.all([hearsMusic(customer, TONES), hearsSilence(third)]);
      expect(await eva.command({ type: "unhold" })).toBeNull();
      await hears(third, { tones: [CUSTOMER] });
    } finally {
      third.close();
    }
  }, 40_000);

  it("[SG-3] [CO-3] [CO-4] goes on in the middle of a consult, for either of the two, and everything works there", async () => {
    await scene.connect();
    await scene.consult();
    const { customer, eva, finn } = scene;
    await replaces(other, finn.line.call.replaces).answered(); // the owner's end, named by the colleague's dialog
    await eva.line.call.ended();
    const finns = await RtpCustomer.create({ name: "Finn's other telephone", tone: COLLEAGUE, number: "2002" });
    try {
      await replaces(finns, finn.line.call.replaces, "2002").answered();
      await finn.line.call.ended();
      await Promise.all([
        hears(other, { tones: [COLLEAGUE], not: [CUSTOMER] }),
        hears(finns, { tones: [OWNER], not: [CUSTOMER] }),
        hearsMusic(customer, TONES),
      ]);
      expect(await eva.command({ type: "transfer" })).toBeNull();
      await other.call.ended();
      await Promise.all([hears(customer, { tones: [COLLEAGUE] }), hears(finns, { tones: [CUSTOMER] })]);
      expect((await finn.desktop()).interaction).toMatchObject({ role: "owner" });
    } finally {
      finns.close();
    }
  }, 40_000);
});

describe("a call that rings", () => {
  it("[SG-3] [SG-4] is taken at another telephone of the agent whom it rings for, also early-only", async () => {
    const { eva, product } = scene;
    const customer = await openCustomer();
    try {
      await eva.goAvailable();
      await customer.dial(product.uri(PHONES_NUMBER)).answered();
      const ringing = await eva.line.rings();
      await eva.isIn("offered");
      await replaces(other, written(ringing.replaces, "early-only")).answered();
      expect(await ringing.ended()).toMatchObject({ by: "peer", status: 487 });
      await eva.isIn("connected");
      await Promise.all([hears(customer, { tones: [OWNER] }), hears(other, { tones: [CUSTOMER] })]);
    } finally {
      customer.close();
    }
  }, 40_000);
});

describe("an INVITE with Replaces that is not followed", () => {
  it("[SG-3] [CO-11] takes no call over from anybody else: 403, and all goes on", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    const finns = await RtpCustomer.create({ name: "Finn's other telephone", tone: COLLEAGUE, number: "2002" });
    try {
      expect(await refused(finns, eva.line.call.replaces, "2002")).toBe("403 not-yours");
      await scene.consult();
      expect(await refused(finns, customer.call.replaces, "2002")).toBe("403 not-yours");
      await Promise.all([
        hears(eva.line, { tones: [COLLEAGUE], not: [CUSTOMER] }),
        hears(finn.line, { tones: [OWNER], not: [CUSTOMER] }),
        hearsMusic(customer, TONES),
      ]);
    } finally {
      finns.close();
    }
  }, 40_000);

  it("[SG-3] [SG-5] says why: 481 for no such dialog, 486 for early-only and answered, 603 for one that has ended, 400, 401", async () => {
    await scene.connect();
    const { eva } = scene;
    const { replaces: own } = eva.line.call;
    expect(await refused(other, "nobody;to-tag=1;from-tag=2")).toBe("481");
    expect(await refused(other, own.replace(/to-tag=[^;]*/, "to-tag=x"))).toBe("481");
    expect(await refused(other, written(own, "early-only"))).toBe("486");
    expect(await refused(other, `${own}, ${own}`)).toBe("400");
    expect(await refused(other, own.split(";")[0]!)).toBe("400");
    const stranger = other.dial(scene.product.uri("2001"), [["Replaces", own]]);
    expect((await stranger.ended()).reason).toMatch(/^SIP\/2\.0 401 /);
    expect(eva.line.call.state.phase).toBe("up");
    await Promise.all([hears(scene.customer, { tones: [OWNER] }), hears(eva.line, { tones: [CUSTOMER] })]);
    eva.line.call.hangUp();
    await scene.customer.call.ended();
    expect(await refused(other, own)).toBe("603");
  }, 40_000);

  it("[SG-3] [TK-1] comes through a trunk: 403", async () => {
    await scene.connect();
    const { customer, eva } = scene;
    const call = customer.call;
    customer.dial(scene.product.uri(PHONES_NUMBER), [["Replaces", eva.line.call.replaces]]);
    expect((await customer.call.ended()).reason).toMatch(/^SIP\/2\.0 403 /);
    expect(call.state.phase).toBe("up");
    call.hangUp();
    await eva.line.call.ended();
  }, 40_000);
});
