// Customers that SIPp plays, with real sound: the main job as another SIP stack sees it. SIPp's exit code says whether it did.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { hears } from "../src/hearing.js";
import { hearsSilence } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";
import { SippCustomer } from "../src/sipp.js";
import { PHONES_NUMBER, TRUNK_PORT } from "../src/site.js";
import { sine } from "../src/tones.js";
import { encodeUlaw } from "../src/ulaw.js";

let scene: PhoneScene;
let sipp: SippCustomer | undefined;

beforeAll(async () => {
  scene = await PhoneScene.open();
}, 90_000);
afterAll(() => scene?.close(), 30_000);
afterEach(async () => {
  await sipp?.stop();
  await Promise.all([scene.eva.settle(), scene.finn.settle()]);
  await scene.product.isEmpty();
  expect(scene.product.crashes).toEqual([]);
}, 30_000);

/** SIPp calls in with a tone, and Eva answers. */
async function calls(scenario: string): Promise<void> {
  const { eva, product } = scene;
  await eva.goAvailable();
  sipp = SippCustomer.start({
    scenario,
    port: TRUNK_PORT,
    target: product.uri("x").slice("sip:x@".length),
    service: PHONES_NUMBER,
    sound: encodeUlaw(sine(CUSTOMER, 1, 8000)),
    timeoutSeconds: 60,
  });
  (await eva.line.rings()).answer();
  await eva.isIn("connected");
  await hears(eva.line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] });
}

const command = async (type: string) => expect(await scene.eva.command({ type })).toBeNull();

describe("a customer that SIPp plays", () => {
  it("[HO-1] [CO-2] [CO-3] [CO-4] is held, consulted about, talked to, transferred and hung up on", async () => {
    const { eva, finn } = scene;
    await calls("calls-and-plays-until-hung-up.xml");
    expect((await eva.desktop()).interaction?.customer).toMatchObject({ name: "Sipp", number: "+4722000301" });
    await command("hold");
    await hearsSilence(eva.line);
    await command("unhold");
    await hears(eva.line, { tones: [CUSTOMER] });
    await scene.consult();
    await Promise.all([
      hears(eva.line, { tones: [COLLEAGUE], not: [CUSTOMER] }),
      hears(finn.line, { tones: [OWNER], not: [CUSTOMER] }),
    ]);
    await command("resume");
    await hears(eva.line, { tones: [CUSTOMER], not: [COLLEAGUE] });
    await command("resume");
    await command("transfer");
    await Promise.all([eva.line.call.ended(), hears(finn.line, { tones: [CUSTOMER], not: [OWNER] })]);
    expect(await finn.command({ type: "end" })).toBeNull();
    await sipp!.verdict();
    expect((await eva.desktop()).wrapUps).toHaveLength(1);
    expect((await finn.desktop()).wrapUps).toHaveLength(1);
  }, 60_000);

  it("[CO-6] [CF-1] [CF-2] is in a conference that goes on without the owner", async () => {
    const { eva, finn } = scene;
    await calls("calls-and-plays-until-hung-up.xml");
    await scene.consult();
    await command("conference");
    await Promise.all([
      hears(eva.line, { tones: [CUSTOMER, COLLEAGUE], not: [OWNER] }),
      hears(finn.line, { tones: [CUSTOMER, OWNER], not: [COLLEAGUE] }),
    ]);
    eva.line.call.hangUp();
    await finn.isIn("connected");
    await hears(finn.line, { tones: [CUSTOMER], not: [OWNER] });
    finn.line.call.hangUp();
    await sipp!.verdict();
  }, 60_000);

  it("[HO-5] [SG-4] holds by itself, talks again and hangs up", async () => {
    const { eva } = scene;
    await calls("calls-holds-talks-again-and-hangs-up.xml");
    await hears(eva.line, { not: [CUSTOMER], forMs: 1000, withinMs: 10_000 });
    await hears(eva.line, { tones: [CUSTOMER], forMs: 1000, withinMs: 10_000 });
    await eva.line.call.ended();
    await sipp!.verdict();
    expect((await eva.desktop()).wrapUps).toHaveLength(1);
  }, 60_000);
});
