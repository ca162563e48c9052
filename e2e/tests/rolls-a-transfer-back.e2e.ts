// A transfer is carried out only to somebody who is there, and a hold only by media that carries it out; otherwise all is as before.
import { describe, expect, it } from "@jest/globals";
import { nowMs } from "../src/clock.js";
import { hears, heardNothingOf } from "../src/hearing.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";

const scene = PhoneScene.forTests();

const transfer = () => scene.eva.command({ type: "transfer" });

/** The consult is as it was before the transfer: no wrap-up, the customer held, the agents with each other. */
async function isConsultAsBefore(): Promise<void> {
  const { customer, eva, finn } = scene;
  expect(await eva.desktop()).toMatchObject({
    interaction: { role: "owner", phase: "consulting", consult: { stage: "answered", active: "consult" } },
    wrapUps: [],
  });
  expect((await finn.desktop()).interaction).toMatchObject({ role: "consulted" });
  await Promise.all([
    hears(eva.line, { tones: [COLLEAGUE], not: [CUSTOMER, OWNER] }),
    hears(finn.line, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
    hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]),
  ]);
}

describe("a transfer to a telephone that answers and sends nothing", () => {
  it("[CO-4] is taken back after 5 s: the customer hears music again, the wrap-up is withdrawn, the owner is told", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    finn.line.rtp.silent = true;
    await scene.consult();
    await hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]);
    const asked = nowMs();
    const told = await eva.toldDuring("transfer-failed", async () => {
      expect(await transfer()).toBe("media-failed");
    });
    expect(nowMs() - asked).toBeGreaterThan(4_900);
    expect(told).toEqual(["transfer-failed"]);
    expect(eva.line.call.state.phase).toBe("up");
    await hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]);

    finn.line.rtp.silent = false;
    await isConsultAsBefore();

    expect(await transfer()).toBeNull(); // and now there is somebody
    await Promise.all([
      hears(customer, { tones: [COLLEAGUE], not: [OWNER] }),
      hears(finn.line, { tones: [CUSTOMER], not: [OWNER] }),
      eva.line.call.ended(),
    ]);
    expect((await eva.desktop()).wrapUps).toHaveLength(1);
  }, 60_000);

  it("[CO-4] goes through as soon as it is heard of, late but within 5 s", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    finn.line.rtp.silent = true;
    await scene.consult();
    const outcome = transfer();
    await hears(finn.line, { tones: [CUSTOMER], not: [OWNER] }); // the plan is in force, and nobody has left yet
    expect(eva.line.call.state.phase).toBe("up");
    finn.line.rtp.silent = false;
    expect(await outcome).toBeNull();
    await hears(customer, { tones: [COLLEAGUE] });
  }, 40_000);

  const silences: [string, (sdp: string) => string][] = [
    ["silence suppression", (sdp) => sdp.replace("a=ptime", "a=silenceSupp:on - - - -\r\na=ptime")],
    ["comfort noise", (sdp) => sdp.replace("AVP 0 101", "AVP 0 13 101")],
    ["recvonly", (sdp) => sdp.replace("a=sendrecv", "a=recvonly")],
  ];
  it.each(silences)(
    "[CO-4] goes through when its description explains the silence: %s",
    async (_, describes) => {
      await scene.connect();
      const { customer, eva, finn } = scene;
      finn.line.rtp.silent = true;
      finn.line.describes = describes;
      await scene.consult();
      expect(await transfer()).toBeNull();
      await Promise.all([hears(finn.line, { tones: [CUSTOMER], not: [OWNER] }), hearsSilence(customer)]);
      expect((await finn.desktop()).interaction).toMatchObject({ role: "owner", phase: "connected" });
      expect((await eva.desktop()).wrapUps).toHaveLength(1);
    },
    40_000,
  );

  it("[CO-4] goes through when it sends nothing but a receiver report", async () => {
    await scene.connect();
    const { eva, finn } = scene;
    finn.line.rtp.silent = true;
    await scene.consult();
    finn.line.rtp.report();
    expect(await transfer()).toBeNull();
    await hears(finn.line, { tones: [CUSTOMER], not: [OWNER] });
    expect((await eva.desktop()).wrapUps).toHaveLength(1);
  }, 40_000);
});

describe("a transfer of a customer whose telephone sends nothing", () => {
  it("[CO-4] is taken back, and goes through once the customer's description explains it", async () => {
    await scene.connect((customer) => {
      customer.rtp.silent = true;
    });
    const { customer, finn } = scene;
    await scene.consult();
    expect(await transfer()).toBe("media-failed");
    await isConsultAsBefore();
    const answer = await customer.call.reinvite((sdp) => sdp.replace("AVP 0 101", "AVP 0 13 101"));
    expect(answer.start).toBe("SIP/2.0 200 OK");
    expect(await transfer()).toBeNull();
    await hears(customer, { tones: [COLLEAGUE] });
    expect((await finn.desktop()).interaction).toMatchObject({ role: "owner" });
  }, 60_000);

  it("[CO-4] goes through when the customer's first offer explains it", async () => {
    await scene.connect((customer) => {
      customer.rtp.silent = true;
      customer.describes = (sdp) => sdp.replace("a=ptime", "a=silenceSupp:on - - - -\r\na=ptime");
    });
    await scene.consult();
    expect(await transfer()).toBeNull();
    await hears(scene.customer, { tones: [COLLEAGUE] });
  }, 40_000);
});

describe("media that stands still", () => {
  /** Stops the media-server's process while `act` runs. */
  async function stopped(act: () => Promise<void>): Promise<void> {
    const pid = scene.product.pids()["media-server"]!;
    process.kill(pid, "SIGSTOP");
    try {
      await act();
    } finally {
      process.kill(pid, "SIGCONT");
    }
  }

  /** The customer and the owner are with each other, not held, and nothing else is going on. */
  async function isConnectedAsBefore(): Promise<void> {
    const { customer, eva } = scene;
    expect((await eva.desktop()).interaction).toMatchObject({ role: "owner", phase: "connected" });
    await Promise.all([
      hears(customer, { tones: [OWNER], not: [CUSTOMER] }),
      hears(eva.line, { tones: [CUSTOMER], not: [OWNER] }),
    ]);
  }

  it("[HO-4] [HO-3] refuses a hold after 2 s, and the customer stays connected", async () => {
    await scene.connect();
    await stopped(async () => {
      const asked = nowMs();
      expect(await scene.eva.command({ type: "hold" })).toBe("hold-failed");
      expect(nowMs() - asked).toBeGreaterThan(1_900);
    });
    await isConnectedAsBefore();
    expect(await scene.eva.command({ type: "hold" })).toBeNull();
    await hearsMusic(scene.customer, [CUSTOMER, OWNER]);
  }, 40_000);

  it("[CO-2] refuses a consult whose hold fails: nobody is called, and the customer stays connected", async () => {
    await scene.connect();
    const { customer, finn } = scene;
    const called = finn.line.trace.split("INVITE sip:").length;
    await stopped(async () => {
      expect(await scene.asksForFinn()).toBe("hold-failed");
    });
    await isConnectedAsBefore();
    expect(finn.line.trace.split("INVITE sip:")).toHaveLength(called);
    const from = nowMs();
    await heardNothingOf(customer, [COLLEAGUE], from, from + 500);
  }, 40_000);

  it("[CO-4] takes a transfer back whose plan is not in force within 1 s", async () => {
    await scene.connect();
    await scene.consult();
    const { eva } = scene;
    await hears(eva.line, { tones: [COLLEAGUE] }); // both have been heard of: only the plan is missing
    await stopped(async () => {
      const asked = nowMs();
      expect(await transfer()).toBe("media-failed");
      expect(nowMs() - asked).toBeLessThan(4_000);
    });
    await isConsultAsBefore();
  }, 40_000);
});
