import { describe, expect, it } from "@jest/globals";
import type { SignedOutReason } from "@legwork/shared/call-panel";
import { initialModel, type PanelEvent, reduce, view } from "./panel-state.js";
import { connected, desktopWith, established } from "./testing.js";

const run = (...events: PanelEvent[]) => events.reduce(reduce, initialModel);
const opened = { type: "sessionOpened", station: "browser", mutedIn: null, at: 0 } as const;
const arrived = { type: "desktopArrived", desktop: desktopWith(connected()), serverNow: 10_500, at: 10_000 } as const;
const eventsUp = { type: "eventsChanged", up: true, at: 1 } as const;
const phoneUp = { type: "phoneChanged", up: true, at: 2 } as const;
const connectionAfter = (...events: PanelEvent[]) => view(run(...events)).connection;

describe("the panel's state", () => {
  it("is signed out, connecting, then ready when desktop, events and phone are there", () => {
    expect(connectionAfter()).toEqual({ kind: "signed-out", why: null });
    expect(connectionAfter({ type: "sessionOpening" })).toEqual({ kind: "connecting" });
    expect(connectionAfter(opened, eventsUp, phoneUp)).toEqual({ kind: "connecting" });
    expect(connectionAfter(opened, eventsUp, arrived, phoneUp)).toEqual({ kind: "ready" });
  });

  it("says which link is lost and since when, the events before the phone", () => {
    const ready = [opened, eventsUp, arrived, phoneUp];
    const sipLost = { type: "phoneChanged", up: false, at: 70 } as const;
    const eventsLost = { type: "eventsChanged", up: false, at: 60 } as const;
    expect(connectionAfter(...ready, sipLost)).toEqual({ kind: "lost", what: "sip", since: 70 });
    expect(connectionAfter(...ready, sipLost, eventsLost)).toEqual({ kind: "lost", what: "events", since: 60 });
    expect(connectionAfter(...ready, sipLost, { ...sipLost, at: 90 })).toMatchObject({ since: 70 });
  });

  it("has lost no phone that was never there, until it has tried in vain", () => {
    expect(connectionAfter(opened, eventsUp, arrived)).toEqual({ kind: "connecting" });
    const failed = { type: "phoneChanged", up: false, at: 50 } as const;
    expect(connectionAfter(opened, eventsUp, arrived, failed)).toEqual({ kind: "lost", what: "sip", since: 50 });
    expect(connectionAfter(opened, eventsUp, arrived, failed, { ...failed, at: 60 })).toMatchObject({ since: 50 });
  });

  it("[DF-11] says when the other tab is gone, and when there is one again, and of no other end", () => {
    const other = (open: boolean) => ({ type: "otherTabChanged", open }) as const;
    const closed = (why: SignedOutReason) => ({ type: "sessionClosed", why }) as const;
    expect(connectionAfter(opened, closed("other-tab"), other(false))).toMatchObject({ why: "other-tab-closed" });
    expect(connectionAfter(opened, closed("other-tab"), other(false), other(true))).toMatchObject({ why: "other-tab" });
    expect(connectionAfter(opened, closed("taken-over"), other(false))).toMatchObject({ why: "taken-over" });
  });

  it("[AG-2] needs no phone in the page when the station is a desk phone", () => {
    expect(connectionAfter({ ...opened, station: "extension" }, eventsUp, arrived)).toEqual({ kind: "ready" });
  });

  it("keeps the server's clock", () => {
    expect(view(run(opened, arrived)).clockOffsetMs).toBe(500);
  });

  it("forgets everything of a session that is over", () => {
    expect(view(run(opened, eventsUp, arrived, { type: "sessionClosed", why: null }))).toEqual(view(initialModel));
  });

  it("[AG-2] says why a session ended, by the first who told, until the next begins", () => {
    const closed = (why: SignedOutReason | null) => ({ type: "sessionClosed", why }) as const;
    const ended = run(opened, arrived, closed("taken-over"), closed("unknown"));
    expect(view(ended).connection).toEqual({ kind: "signed-out", why: "taken-over" });
    const signedOut = [{ type: "sessionOpening" }, closed(null)] as const;
    expect(view(signedOut.reduce(reduce, ended)).connection).toEqual({ kind: "signed-out", why: null });
  });

  it("shows a command as pending until its own answer, also when it runs twice", () => {
    const started = { type: "commandStarted", command: "hold" } as const;
    expect(view(run(started, started, { type: "commandSettled", command: "hold" })).pending).toEqual(["hold"]);
  });

  it("shows who rings without the Call-ID", () => {
    const ringing = { callId: "a", from: "Ingrid" };
    expect(view(run({ type: "ringingChanged", ringing })).incoming).toEqual({ from: "Ingrid" });
  });

  it("tries to open a session until it is known whether there is one, and says since when it cannot", () => {
    const failed = (at: number) => ({ type: "openingFailed", at }) as const;
    const trying = [{ type: "sessionOpening" }, failed(20), failed(30)] as const;
    expect(connectionAfter(...trying)).toEqual({ kind: "lost", what: "events", since: 20 });
    expect(connectionAfter(...trying, opened)).toEqual({ kind: "connecting" });
    expect(connectionAfter(opened, arrived, eventsUp, failed(40))).toEqual({ kind: "lost", what: "events", since: 40 });
  });

  it("[SE-1] keeps mute as long as the call, whatever becomes of its legs, and into no other call", () => {
    const legs = (...callIds: string[]) =>
      ({ type: "legsChanged", legs: callIds.map((callId) => established(callId, "incoming")) }) as const;
    const muted = run(opened, arrived, legs("a"), { type: "muteChanged", muted: true });
    expect(view([legs(), legs("b")].reduce(reduce, muted)).muted).toBe(true);
    expect(view(reduce(muted, { ...arrived, desktop: desktopWith(null) })).muted).toBe(false);
    const another = { ...arrived, desktop: desktopWith({ ...connected(), id: "i2" }) };
    expect(view(reduce(muted, another)).muted).toBe(false);
    expect(view(reduce(muted, { type: "muteChanged", muted: false })).muted).toBe(false);
  });

  it("[SE-1] takes mute up again after a reload, for the call it was of", () => {
    const kept = (mutedIn: string) => view(run({ ...opened, mutedIn }, arrived)).muted;
    expect([kept("i1"), kept("i2")]).toEqual([true, false]);
    expect(view(run({ ...opened, mutedIn: "i1" })).muted).toBe(false); // it is not known yet which call there is
  });
});
