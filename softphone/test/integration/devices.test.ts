import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { AudioDevice } from "@legwork/shared/call-panel";
import { chromium } from "playwright-core";
import { CALL_FLAGS, type FarCall, PhoneScene } from "../support/phone-scene.js";

jest.setTimeout(60_000);

let scene: PhoneScene;

beforeAll(async () => {
  scene = await PhoneScene.open();
});

afterAll(() => scene?.close());

// Each page is a context of its own: nothing is chosen in it yet.
beforeEach(() => scene.newPage(hardware));

/** Lets a test pull a plug: the browser's devices are real to the page, but a fake one has none. Runs in the scene.page. */
function hardware(): void {
  const { mediaDevices } = navigator;
  const enumerate = mediaDevices.enumerateDevices.bind(mediaDevices);
  const capture = mediaDevices.getUserMedia.bind(mediaDevices);
  const unplugged = new Set<string>();
  const tracks: MediaStreamTrack[] = [];
  mediaDevices.enumerateDevices = async () => (await enumerate()).filter(({ label }) => !unplugged.has(label));
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await capture(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  const changed = () => mediaDevices.dispatchEvent(new Event("devicechange"));
  const unplug = (label: string) => {
    unplugged.add(label);
    for (const track of tracks.filter((each) => each.label === label)) {
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    changed();
  };
  const plugIn = (label: string) => {
    unplugged.delete(label);
    changed();
  };
  Object.assign(window, { hardware: { tracks, unplug, plugIn } });
}

interface Hardware {
  readonly tracks: readonly MediaStreamTrack[];
  unplug(label: string): void;
  plugIn(label: string): void;
}

const plug = (how: "unplug" | "plugIn", label: string) =>
  scene.page.evaluate(([method, name]) => (window as unknown as { hardware: Hardware }).hardware[method](name), [
    how,
    label,
  ] as const);

async function inCall(): Promise<FarCall> {
  const call = await scene.callAgent();
  await scene.page.waitForFunction(() => window.bridge.audio.state.devices.inputs.some(({ label }) => label !== ""));
  return call;
}

/** The label and the settings of the one track that is captured now. */
const captured = () =>
  scene.page.evaluate(() => {
    const live = (window as unknown as { hardware: Hardware }).hardware.tracks.filter(
      ({ readyState }) => readyState === "live",
    );
    const [track] = live;
    const { echoCancellation, noiseSuppression } = track?.getSettings() ?? {};
    return { count: live.length, label: track?.label, echoCancellation, noiseSuppression };
  });
const devices = () => scene.page.evaluate(() => window.bridge.audio.state.devices);
const choose = (changes: object) => scene.page.evaluate((given) => window.bridge.audio.choose(given), changes);
/** Resolves when the page captures one track, from this device or, `same` being false, from another one. */
const capturedFrom = (wanted: string, same: boolean) =>
  scene.page.waitForFunction(
    ([label, from]) => {
      const { tracks } = (window as unknown as { hardware: Hardware }).hardware;
      const live = tracks.filter(({ readyState }) => readyState === "live");
      return live.length === 1 && (live[0]?.label === label) === from;
    },
    [wanted, same] as const,
  );
const missing = () => scene.page.waitForFunction(() => window.bridge.audio.state.missing.length > 0);

describe("the audio devices of a call", () => {
  it("changes the microphone in mid-call without a word of SIP, and remembers it", async () => {
    const { dialog, id } = await inCall();
    const modified: string[] = [];
    dialog.on("modify", () => modified.push("re-INVITE"));
    const other = (await devices()).inputs[1] as AudioDevice;
    expect((await captured()).label).not.toBe(other.label);
    await choose({ microphone: other });
    expect(await captured()).toMatchObject({ count: 1, label: other.label });
    await scene.farHears(id);
    expect(modified).toEqual([]);
    await dialog.destroy();
    await scene.page.reload();
    expect(await scene.page.evaluate(() => window.bridge.audio.state.wishes.microphone)).toEqual(other);
  });

  it("goes on with the system's microphone when the chosen one is unplugged, says so, and takes it back", async () => {
    const { dialog, id } = await inCall();
    const chosen = (await devices()).inputs[1] as AudioDevice;
    await choose({ microphone: chosen });
    await scene.page.evaluate(() => {
      const told: unknown[] = [];
      window.bridge.audio.onNews((news) => told.push(news));
      Object.assign(window, { told });
    });
    await plug("unplug", chosen.label);
    await missing();
    await capturedFrom(chosen.label, false);
    await scene.farHears(id);
    await plug("plugIn", chosen.label);
    await capturedFrom(chosen.label, true);
    await scene.farHears(id);
    expect(await scene.page.evaluate(() => (window as unknown as { told: unknown[] }).told)).toEqual([
      { kind: "device-gone", role: "microphone", label: chosen.label },
      { kind: "device-back", role: "microphone", label: chosen.label },
    ]);
    await dialog.destroy();
  });

  it("switches echo cancellation and noise suppression on the running call, and stays muted", async () => {
    const { dialog } = await inCall();
    expect(await captured()).toMatchObject({ echoCancellation: true, noiseSuppression: true });
    await scene.page.evaluate(() => window.bridge.agent.run("mute", true));
    await choose({ echoCancellation: false, noiseSuppression: false });
    expect(await captured()).toMatchObject({ count: 1, echoCancellation: false, noiseSuppression: false });
    expect(await scene.page.evaluate(() => window.bridge.sent().map(({ enabled }) => enabled))).toEqual([false]);
    await dialog.destroy();
  });

  it("plays calls on the chosen speaker, and on the system's when that is unplugged", async () => {
    const { dialog } = await inCall();
    const speaker = (await devices()).outputs[1] as AudioDevice;
    await choose({ speaker });
    const playsOn = (id: string) =>
      scene.page.waitForFunction((sink) => document.querySelector("audio")?.sinkId === sink, id);
    await playsOn(speaker.id);
    await plug("unplug", speaker.label);
    await playsOn("");
    await dialog.destroy();
  });

  it("measures the microphone, and closes it again", async () => {
    const level = await scene.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const stop = window.bridge.audio.meter((value) => {
            if (value === 0) return;
            stop();
            resolve(value);
          });
        }),
    );
    expect(level).toBeGreaterThan(0);
    expect((await captured()).count).toBe(0);
  });
});

describe("a ring that the browser keeps silent", () => {
  it("[AG-1] is told of until somebody touches the page", async () => {
    const args = CALL_FLAGS.map((flag) =>
      flag.startsWith("--autoplay-policy") ? "--autoplay-policy=document-user-activation-required" : flag,
    );
    const strict = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
    try {
      const silent = await strict.newPage();
      await silent.addInitScript(() => {
        // What is evaluated from outside counts as a touch of the page: it rings by itself, and keeps what it is told.
        window.addEventListener("load", () => {
          const { audio } = window.bridge;
          const told: boolean[] = [];
          Object.assign(window, { told });
          audio.subscribe(() => told.at(-1) !== audio.state.soundBlocked && told.push(audio.state.soundBlocked));
          audio.ring();
        });
      });
      await silent.goto(scene.url);
      const tells = (blocked: boolean) =>
        silent.waitForFunction((wanted) => (window as unknown as { told: boolean[] }).told.at(-1) === wanted, blocked);
      await tells(true);
      await silent.mouse.click(5, 5);
      await tells(false);
    } finally {
      await strict.close();
    }
  });
});

describe("a microphone that is not allowed", () => {
  it("[AG-3] is foreseen before any call, until it is allowed", async () => {
    const context = await scene.browser.newContext({ permissions: [] });
    const blocked = await context.newPage();
    await blocked.goto(scene.url);
    await blocked.waitForFunction(() => window.bridge.audio.state.outlook === "denied");
    await context.grantPermissions(["microphone"]);
    await blocked.waitForFunction(() => window.bridge.audio.state.outlook === "ready");
    await context.close();
  });

  it("is a problem with a name", async () => {
    const args = CALL_FLAGS.map((flag) => flag.replace("fake-ui-for-media-stream", "fake-ui-for-media-stream=deny"));
    const strict = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
    const denied = await strict.newPage();
    await denied.goto(scene.url);
    await denied.evaluate(() => void window.bridge.audio.meter(() => undefined));
    await denied.waitForFunction(() => window.bridge.audio.state.problem === "denied");
    await denied.evaluate(() => window.bridge.audio.checkMicrophone());
    expect(await denied.evaluate(() => window.bridge.audio.state.problem)).toBe("denied");
    await strict.close();
  });
});
