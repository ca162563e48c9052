import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { PhoneScene } from "../support/phone-scene.js";

jest.setTimeout(60_000);

let scene: PhoneScene;

beforeAll(async () => {
  scene = await PhoneScene.open();
});

afterAll(() => scene?.close());

beforeEach(() => scene.newPage());

describe("hold at the browser's phone", () => {
  it("[HO-1] holds and un-holds; glare is tried again", async () => {
    const { dialog, id } = await scene.callAgent();
    const offered = scene.answerReinvites({ dialog, id }, 491);
    const [leg] = await scene.legs();
    expect(await scene.run("setHold", leg?.callId, true)).toBeNull();
    expect(await scene.legs()).toMatchObject([{ held: true }]);
    expect(await scene.run("setHold", leg?.callId, false)).toBeNull();
    expect(offered).toEqual(["sendonly", "sendonly", "sendrecv"]);
    expect(await scene.legs()).toMatchObject([{ held: false }]);
    await dialog.destroy();
  });

  it("[HO-3] is not held when the hold was refused, and the next request works", async () => {
    const { dialog, id } = await scene.callAgent();
    const offered = scene.answerReinvites({ dialog, id }, 503);
    const [leg] = await scene.legs();
    expect(await scene.run("setHold", leg?.callId, true)).toMatchObject({ code: "hold-failed" });
    expect(await scene.legs()).toMatchObject([{ held: false }]);
    expect(await scene.run("setHold", leg?.callId, true)).toBeNull();
    expect(offered).toEqual(["sendonly", "sendonly"]);
    await dialog.destroy();
  });

  it("[SG-4] sends requests that were asked for at once one after the other", async () => {
    const { dialog, id } = await scene.callAgent();
    const offered = scene.answerReinvites({ dialog, id });
    const [leg] = await scene.legs();
    const wanted = [true, false, true].map((hold) => scene.run("setHold", leg?.callId, hold));
    expect(await Promise.all(wanted)).toEqual([null, null, null]);
    expect(offered).toEqual(["sendonly", "sendrecv", "sendonly"]);
    expect(await scene.legs()).toMatchObject([{ held: true }]);
    await dialog.destroy();
  });
});
