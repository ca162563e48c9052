import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { CONTACT, PhoneScene } from "../support/phone-scene.js";
import type { Dialog } from "../support/sip-app.js";

jest.setTimeout(60_000);

let scene: PhoneScene;

beforeAll(async () => {
  scene = await PhoneScene.open();
});

afterAll(() => scene?.close());

beforeEach(() => scene.newPage());

describe("calls of the browser's phone", () => {
  it("[SG-1] takes a call with sound in both directions, and ends it with BYE", async () => {
    const { dialog, id } = await scene.callAgent();
    await scene.hearsSomething();
    await scene.farHears(id);
    const [leg] = await scene.legs();
    expect(leg).toMatchObject({ origin: "incoming", stage: "established", held: false, callId: dialog.sip.callId });
    const over = new Promise((resolve) => dialog.on("destroy", resolve));
    expect(await scene.run("hangUp", leg?.callId)).toBeNull();
    await over;
    expect(await scene.legs()).toEqual([]);
  });

  it("measures a call while it lasts, and stops with it", async () => {
    const { dialog } = await scene.callAgent();
    const measured = await scene.page.waitForFunction(() => window.bridge.agent.seen.qualities[0]);
    const quality = await measured.jsonValue();
    expect(quality).toMatchObject({ codec: "opus" });
    expect(quality?.score).toBeGreaterThan(1);
    await dialog.destroy();
    await scene.page.waitForFunction(() => window.bridge.agent.seen.qualities.length === 0);
  });

  it("[SG-1] declines with 603", async () => {
    const offer = await scene.far.evaluate(() => window.bridge.peer.offer("declined"));
    const refused = scene.app.call("anna", offer).catch((error: { status: number }) => error.status);
    await scene.page.waitForFunction(() => window.bridge.agent.seen.ringing?.from === "Ingrid");
    await scene.run("decline");
    expect(await refused).toBe(603);
  });

  it("[SE-1] answers by itself when the server asks for it", async () => {
    await scene.callAgent({ "Alert-Info": "<http://127.0.0.1>;info=alert-autoanswer" }, false);
    await scene.until(1);
    expect(await scene.page.evaluate(() => window.bridge.agent.seen.ringing)).toBeNull();
  });

  it("[SG-1] hears early media of a consult, then is connected", async () => {
    let answer: (() => Promise<Dialog>) | undefined;
    scene.app.invite = (req, res) => {
      void scene.far
        .evaluate(([sdp]) => window.bridge.peer.answer("consult", sdp), [req.body] as const)
        .then((body) => {
          res.send(183, { body, headers: { ...CONTACT, "Content-Type": "application/sdp" } });
          answer = () => scene.app.answer(req, res, body);
        });
    };
    expect(await scene.run("invite", "bjorn")).toBeNull();
    await scene.hearsSomething();
    expect(await scene.legs()).toMatchObject([{ origin: "outgoing", stage: "ringing" }]);
    const dialog = await answer?.();
    await scene.until(1);
    await dialog?.destroy();
  });

  it.each([
    [603, "target-not-reachable"],
    [403, "not-owner"],
    [503, "unavailable"],
  ])("[CO-9] a consult refused with %i leaves no leg behind", async (status, code) => {
    scene.app.invite = (_req, res) => res.send(status);
    expect(await scene.run("invite", "bjorn")).toMatchObject({ code });
    expect(await scene.legs()).toEqual([]);
  });

  it("[CO-8] cancels a consult that rings", async () => {
    const cancelled = new Promise<void>((resolve) => {
      scene.app.invite = (req, res) => {
        req.on("cancel", resolve);
        res.send(180, { headers: CONTACT });
      };
    });
    expect(await scene.run("invite", "bjorn")).toBeNull();
    const [leg] = await scene.legs();
    expect(await scene.run("hangUp", leg?.callId)).toBeNull();
    await cancelled;
    await scene.page.waitForFunction(() => window.bridge.agent.seen.legs.length === 0);
  });

  it("[MX-4] sends keypad digits on a leg that takes them", async () => {
    const { dialog } = await scene.callAgent();
    const [leg] = await scene.legs();
    await scene.hearsSomething();
    expect(await scene.run("sendDigits", leg?.callId, "12#")).toBeNull();
    await dialog.destroy();
  });

  it("[MX-4] sends keypad digits that are pressed in quick succession all, and in their order", async () => {
    const { dialog } = await scene.callAgent();
    const [leg] = await scene.legs();
    await scene.page.evaluate(() => window.bridge.tones.keep());
    await Promise.all([..."1234567890*#"].map((digit) => scene.run("sendDigits", leg?.callId, digit)));
    await scene.page.waitForFunction(() => window.bridge.tones.sent.join("") === "1234567890*#");
    await dialog.destroy();
  });

  it("[SE-1] sends silence from the first moment where the agent was muted, and on every later leg until told otherwise", async () => {
    const enabled = () => scene.page.evaluate(() => window.bridge.sent().map((track) => track.enabled));
    await scene.run("mute", true);
    const first = await scene.callAgent();
    expect(await enabled()).toEqual([false]);
    await first.dialog.destroy();
    await scene.until(0);
    const second = await scene.callAgent();
    expect(await enabled()).toEqual([false]);
    await scene.run("mute", false);
    expect(await enabled()).toEqual([true]);
    await second.dialog.destroy();
  });
});
