import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { StreamListener } from "../api-client/index.js";
import { sampleAudio } from "../gallery/sample-audio.js";
import { connected, desktopWith } from "../model/testing.js";
import type { PhoneEvents } from "../ports/phone.js";
import { Panel } from "./index.js";
import { scriptedApi, scriptedMute, ScriptedPhone, SESSION } from "./testing.js";

let phones: ScriptedPhone[];
let streams: { readonly listener: StreamListener; open: boolean }[];
let loseTab: () => void;
let tabTaken: boolean;
let otherTab: (open: boolean) => void;
let phoneLoads: () => Promise<void>;
let panel: Panel;

const last = <T>(list: readonly T[]): T => list.at(-1) as T;
const closed = (phone: ScriptedPhone) => phone.log.includes("close");
const signIn = () => panel.signIn({ agent: "anna", password: "p", station: { kind: "browser" }, takeOver: false });

beforeEach(() => {
  [phones, streams, tabTaken] = [[], [], false];
  phoneLoads = async () => undefined;
  panel = new Panel({
    api: scriptedApi(SESSION),
    audio: sampleAudio(),
    tab: {
      claim: (lost) => ([loseTab, tabTaken] = [lost, true]),
      release: () => void (tabTaken = false),
      watch: (changed) => void (otherTab = changed),
      close: () => undefined,
    },
    keptMute: scriptedMute(),
    openStream: (listener) => {
      const stream = { listener, open: false };
      streams.push(stream);
      return {
        start: () => {
          stream.open = true;
          listener.linkChanged(true);
        },
        stop: () => void (stream.open = false),
      };
    },
    makePhone: async (_account, events: PhoneEvents) => {
      await phoneLoads();
      phones.push(new ScriptedPhone(events));
      return last(phones);
    },
  });
});

afterEach(() => panel.signOut());

/** The session is open, and everything is there. */
function ready(): void {
  last(phones).events.linkChanged(true);
  last(streams).listener.desktop(desktopWith(connected()));
  expect(panel.state.connection).toEqual({ kind: "ready" });
}

describe("one session after the other", () => {
  it("[DF-11] is not disturbed by what the phone, the stream or the tab of the one before still says", async () => {
    await signIn();
    const before = { phone: last(phones), stream: last(streams), loseTab };
    await panel.signOut();
    await panel.restore();
    ready();
    before.phone.events.linkChanged(false);
    before.phone.events.legsChanged([]);
    before.stream.listener.linkChanged(false);
    before.stream.listener.signedOut("taken-over");
    before.loseTab();
    expect(await before.phone.events.accountRefused()).toBeNull();
    expect(panel.state.connection).toEqual({ kind: "ready" });
  });

  it("[DF-11] takes the place of one that is open, and leaves nothing of it", async () => {
    await signIn();
    await signIn();
    expect(phones.map(closed)).toEqual([true, false]);
    expect(streams.map(({ open }) => open)).toEqual([false, true]);
    ready();
    await panel.restore();
    expect(phones).toHaveLength(2);
    expect(panel.state.connection).toEqual({ kind: "ready" });
  });

  it("[DF-11] starts one phone when the tab was lost and taken back while the first was loading", async () => {
    let load = () => undefined as void;
    phoneLoads = () => new Promise((resolve) => (load = resolve));
    const first = signIn();
    await new Promise(setImmediate);
    loseTab();
    phoneLoads = async () => undefined;
    await panel.restore();
    load();
    await first;
    expect(phones.map(({ log }) => log)).toEqual([["start"], []]);
  });

  it("[DF-11] says when the tab that took it is gone, and opens it here when asked", async () => {
    await signIn();
    loseTab();
    otherTab(false);
    expect(panel.state.connection).toEqual({ kind: "signed-out", why: "other-tab-closed" });
    await panel.restore();
    ready();
    otherTab(true);
    expect(panel.state.connection).toEqual({ kind: "ready" });
  });

  it("[DF-11] leaves neither stream nor tab behind when there is no phone to be had", async () => {
    phoneLoads = () => Promise.reject(new Error("not loaded"));
    await expect(signIn()).rejects.toThrow("not loaded");
    expect([streams.map(({ open }) => open), tabTaken]).toEqual([[false], false]);
    expect(panel.state.connection).toEqual({ kind: "signed-out", why: null });
  });
});

describe("who listens to the panel", () => {
  it("[DF-11] hears of everything though another listener throws, whose error the browser is told", async () => {
    const errors: unknown[] = [];
    const page = globalThis as { reportError?: (error: unknown) => void };
    page.reportError = (error) => void errors.push(error);
    const wrong = new Error("a host's mistake");
    const stop = panel.subscribe(() => {
      throw wrong;
    });
    try {
      const heard = jest.fn();
      panel.on("call-started", heard);
      await signIn();
      ready();
      expect(heard).toHaveBeenCalledTimes(1);
      expect(new Set(errors)).toEqual(new Set([wrong]));
    } finally {
      stop();
      delete page.reportError;
    }
  });

  it("[DF-11] hears each event once and in order, also of what another does because of one", async () => {
    await signIn();
    const heard: string[] = [];
    panel.subscribe(() => {
      if (panel.state.desktop?.interaction && !panel.state.muted) void panel.mute(true);
    });
    panel.on("signed-in", () => last(streams).listener.desktop(desktopWith(null)));
    for (const type of ["signed-in", "call-started", "call-ended"] as const) panel.on(type, () => heard.push(type));
    last(streams).listener.desktop(desktopWith(connected()));
    expect(heard).toEqual(["signed-in", "call-started", "call-ended"]);
  });
});
