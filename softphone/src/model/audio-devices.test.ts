import { describe, expect, it } from "@jest/globals";
import {
  DEFAULT_WISHES,
  deviceFor,
  devicesIn,
  levelOf,
  missingDevices,
  newsOf,
  outlookOf,
  parseWishes,
  problemAfter,
} from "./audio-devices.js";

const HEADSET = { id: "h1", label: "Headset" };
const listed = (kind: string, deviceId: string, label: string) => ({ kind, deviceId, label });
const DEVICES = devicesIn([
  listed("audioinput", "default", "Default"),
  listed("audioinput", "h1", "Headset"),
  listed("audioinput", "w1", "Webcam"),
  listed("videoinput", "v1", "Camera"),
  listed("audiooutput", "communications", "Communications"),
  listed("audiooutput", "h2", "Headset"),
]);
const wishes = (changes: object) => ({ ...DEFAULT_WISHES, ...changes });
const NOTHING = { inputs: [], outputs: [] };

describe("the choice of audio devices", () => {
  it("lists real devices, not the names of the system's choice", () => {
    expect(DEVICES.inputs.map(({ id }) => id)).toEqual(["h1", "w1"]);
    expect(DEVICES.outputs).toEqual([{ id: "h2", label: "Headset" }]);
  });

  it.each([
    ["by its id", { id: "w1", label: "renamed" }, "w1"],
    ["by its label when the id has changed", { id: "old", label: "Headset" }, "h1"],
    ["not at all when it is gone", { id: "old", label: "Speakerphone" }, undefined],
    ["not by an empty label", { id: "old", label: "" }, undefined],
  ])("finds the wished device %s", (_, microphone, id) => {
    expect(deviceFor("microphone", wishes({ microphone }), DEVICES)?.id).toBe(id);
  });

  it("leaves the choice to the system without a wish", () => {
    expect(deviceFor("speaker", DEFAULT_WISHES, DEVICES)).toBeNull();
    expect(missingDevices(DEFAULT_WISHES, DEVICES)).toEqual([]);
  });

  it("misses what is gone, and nothing before the browser tells names", () => {
    const wished = wishes({ microphone: { id: "x", label: "X" } });
    expect(missingDevices(wished, DEVICES)).toEqual(["microphone"]);
    expect(missingDevices(wished, NOTHING)).toEqual([]);
    expect(missingDevices(wished, devicesIn([listed("audioinput", "y", "")]))).toEqual([]);
  });

  it("tells once of a headset that goes, and of its return", () => {
    const wished = wishes({ microphone: HEADSET, speaker: { ...HEADSET, id: "h2" } });
    expect(newsOf([], ["microphone", "speaker"], wished)).toEqual([
      { kind: "device-gone", role: "microphone", label: "Headset" },
    ]);
    expect(newsOf(["speaker"], [], wished)).toEqual([{ kind: "device-back", role: "speaker", label: "Headset" }]);
    expect(newsOf(["speaker"], ["speaker"], wished)).toEqual([]);
  });

  it("reads back what it stored, and the default from anything else", () => {
    const wished = wishes({ microphone: HEADSET, noiseSuppression: false });
    expect(parseWishes(JSON.stringify(wished))).toEqual(wished);
    for (const bad of [null, "", "[", "7", "null", '{"microphone":{"id":7}}', '{"ring":null}']) {
      expect(parseWishes(bad)).toEqual(DEFAULT_WISHES);
    }
  });

  it.each([
    [{}, "ready"],
    [{ permission: "prompt" }, "prompt"],
    [{ permission: "prompt", problem: "denied" }, "prompt"],
    [{ permission: "denied" }, "denied"],
    [{ problem: "denied" }, "denied"], // by the operating system
    [{ problem: "busy" }, "busy"],
    [{ connected: false }, "none"],
    [{ connected: false, permission: "prompt" }, "none"],
    [{ problem: "none" }, "ready"],
    [{ problem: "insecure", connected: false }, "insecure"],
    [{ permission: "unknown" }, "ready"],
    [{ permission: "unknown", named: false }, "prompt"],
  ] as const)("foresees with %j: %s", (changes, outlook) => {
    expect(outlookOf({ problem: null, permission: "granted", connected: true, named: true, ...changes })).toBe(outlook);
  });

  it("places a level between -60 dBFS and full scale", () => {
    expect(levelOf(new Float32Array(128))).toBe(0);
    expect(levelOf([1, -1, 1, -1])).toBe(1);
    expect(levelOf([0.1, -0.1])).toBeCloseTo(1 - 20 / 60);
    expect(levelOf([0.0001])).toBe(0);
  });

  it("forgets that the microphone was blocked when it is allowed, and nothing else", () => {
    expect(problemAfter("granted", "denied")).toBeNull();
    expect(problemAfter("prompt", "denied")).toBe("denied");
    expect(problemAfter("granted", "busy")).toBe("busy");
  });
});
