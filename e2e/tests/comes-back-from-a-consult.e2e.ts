// Every way out of a consult between telephones, and what becomes of the customer, the agents and their wrap-ups.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { gapMs, hears } from "../src/hearing.js";
import { nowMs } from "../src/clock.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";

let scene: PhoneScene;

beforeAll(async () => {
  scene = await PhoneScene.open({ "consult.ring.seconds": 6 });
}, 90_000);
afterAll(() => scene?.close(), 30_000);
afterEach(() => scene.settle(), 30_000);

const command = (type: string) => scene.eva.command({ type });

/** The customer is off hold and with the owner alone; nobody wraps up. */
async function isBack(): Promise<void> {
  const { customer, eva, finn } = scene;
  await eva.isIn("connected");
  await Promise.all([
    hears(customer, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
    hears(eva.line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] }),
  ]);
  await finn.isInState("idle");
  for (const each of [eva, finn]) expect((await each.desktop()).wrapUps).toEqual([]);
}

describe("a consult that nobody answers", () => {
  it("[CO-8] is cancelled: the telephone stops ringing, and the customer is back", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    const sinceMs = nowMs();
    expect(await scene.asksForFinn()).toBeNull();
    await finn.line.rings();
    await Promise.all([
      hears(eva.line, { tones: [425], not: [CUSTOMER, COLLEAGUE], sinceMs }),
      hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]),
    ]);
    expect(await command("end-consult")).toBeNull();
    expect(await finn.line.call.ended()).toMatchObject({ by: "peer", status: 487 });
    await isBack();
  }, 40_000);

  it.each([
    [603, "Decline", "consult-declined"],
    [480, "Temporarily Unavailable", "consult-declined"],
    [486, "Busy Here", "consult-busy"],
    [600, "Busy Everywhere", "consult-busy"],
    [404, "Not Found", "consult-unreachable"],
    [488, "Not Acceptable Here", "consult-unreachable"],
  ])(
    "[CO-9] is answered %s %s: the owner is told %s, and the customer is back",
    async (status, reason, kind) => {
      await scene.connect();
      const { eva, finn } = scene;
      const told = await eva.toldDuring(kind, async () => {
        expect(await scene.asksForFinn()).toBeNull();
        (await finn.line.rings()).refuse(status, reason);
      });
      expect(told).toEqual([kind]);
      await isBack();
    },
    40_000,
  );

  it("[CO-9] [AG-3] rings for as long as the site says, and gives no RONA", async () => {
    await scene.connect();
    const { eva, finn } = scene;
    await eva.toldDuring("consult-no-answer", async () => {
      expect(await scene.asksForFinn()).toBeNull();
      await finn.line.rings();
      expect(await finn.line.call.ended()).toMatchObject({ by: "peer", status: 487 });
    });
    await isBack();
  }, 40_000);

  it("[CO-9] [AG-3] is refused for a telephone that is not registered, and the customer was never on hold", async () => {
    await scene.connect();
    const { customer, finn } = scene;
    await finn.phone.unregister();
    const from = await hears(customer, { tones: [OWNER] });
    expect(await scene.asksForFinn()).toBe("target-not-reachable");
    expect(await gapMs(customer, OWNER, from, nowMs() + 500)).toBeLessThan(100);
    await isBack();
    expect(await finn.phone.register()).toBe(200);
  }, 40_000);
});

describe("the customer hangs up", () => {
  const moments: [string, () => Promise<void>, number][] = [
    [
      "[CO-12] held, the consult ringing",
      async () => {
        await scene.asksForFinn();
        await scene.finn.line.rings();
      },
      487,
    ],
    ["[CO-12] held, the consult answered", () => scene.consult(), 200],
    [
      "[CO-12] off hold, the consult held",
      async () => {
        await scene.consult();
        expect(await command("resume")).toBeNull();
      },
      200,
    ],
    [
      "[CF-4] in a conference",
      async () => {
        await scene.consult();
        expect(await command("conference")).toBeNull();
      },
      200,
    ],
  ];
  it.each(moments)(
    "%s: all is over, the owner alone wraps up",
    async (_, until, status) => {
      await scene.connect();
      await until();
      const { customer, eva, finn } = scene;
      customer.call.hangUp();
      expect(await finn.line.call.ended()).toMatchObject({ by: "peer", status });
      await eva.line.call.ended();
      expect((await eva.desktop()).wrapUps).toHaveLength(1);
      expect((await finn.desktop()).wrapUps).toEqual([]);
      await finn.isInState("idle");
    },
    40_000,
  );
});

describe("a transfer", () => {
  it("[CO-4] [HO-1] goes through from a hold that was pressed before the consult: the customer comes off hold", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    expect(await command("hold")).toBeNull();
    await hearsMusic(customer, [CUSTOMER, OWNER]);
    await scene.consult();
    expect(await command("transfer")).toBeNull();
    await eva.line.call.ended();
    await Promise.all([
      hears(customer, { tones: [COLLEAGUE], not: [CUSTOMER, OWNER] }),
      hears(finn.line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] }),
    ]);
    expect((await finn.desktop()).interaction).toMatchObject({ role: "owner", phase: "connected" });
  }, 40_000);

  it("[CO-4] [WU-2] [AG-3] and back again: the new owner consults the old one, who goes on with the open wrap-up", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    await scene.consult();
    expect(await command("transfer")).toBeNull();
    await eva.isInState("wrap-up");
    const [open] = (await eva.desktop()).wrapUps;

    expect(await finn.command({ type: "consult", target: { kind: "agent", agent: "eva" } })).toBeNull();
    (await eva.line.rings()).answer();
    await finn.consultIs("answered");
    await Promise.all([
      hears(eva.line, { tones: [COLLEAGUE], not: [CUSTOMER, OWNER] }),
      hears(finn.line, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
      hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]),
    ]);
    expect(await command("transfer")).toBe("not-owner"); // consulted now, whatever she was before (CO-11)
    expect(await finn.command({ type: "transfer" })).toBeNull();
    await finn.line.call.ended();
    await Promise.all([
      hears(customer, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
      hears(eva.line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] }),
    ]);
    expect((await eva.desktop()).wrapUps).toEqual([]); // it rests while she owns the customer
    expect((await finn.desktop()).wrapUps).toHaveLength(1);
    customer.call.hangUp();
    await eva.isInState("wrap-up");
    expect((await eva.desktop()).wrapUps.map(({ id }) => id)).toEqual([open!.id]);
  }, 60_000);
});

describe("a telephone that rings with a description", () => {
  it.each([["inactive"], ["sendonly"], ["recvonly"], ["sendrecv"]])(
    "[SG-4] says %s in its 183 and something else in its 200: the 200 counts",
    async (early) => {
      await scene.connect();
      const { customer, eva, finn } = scene;
      const sinceMs = nowMs();
      expect(await scene.asksForFinn()).toBeNull();
      const call = await finn.line.rings();
      finn.line.describes = (sdp) => sdp.replace("a=sendrecv", `a=${early}`);
      call.progress();
      await hears(eva.line, { tones: [425], not: [COLLEAGUE], sinceMs }); // ours: nobody has answered
      finn.line.describes = (sdp) => sdp;
      call.answer();
      await Promise.all([
        hears(eva.line, { tones: [COLLEAGUE], not: [CUSTOMER, OWNER] }),
        hears(finn.line, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
        hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]),
      ]);
    },
    40_000,
  );

  it("[SG-4] says sendrecv in its 183 and recvonly in its 200: it hears and is not heard", async () => {
    await scene.connect();
    const { eva, finn } = scene;
    expect(await scene.asksForFinn()).toBeNull();
    const call = await finn.line.rings();
    call.progress();
    finn.line.describes = (sdp) => sdp.replace("a=sendrecv", "a=recvonly");
    call.answer();
    await eva.consultIs("answered");
    await Promise.all([hears(finn.line, { tones: [OWNER] }), hearsSilence(eva.line)]);
  }, 40_000);
});
