import { describe, expect, it } from "@jest/globals";
import { announcementFor } from "./announcement.js";
import { answersByItself } from "./auto-answer.js";
import { formatSeconds, secondsBetween } from "./clock.js";
import { headingOf } from "./heading.js";
import { busyWith, heardBy, linesBetween, seatsInOrder } from "./hearing.js";
import { referToFocus, referToReplacing, sipfragStatus } from "./refer.js";
import { refusalCode } from "./refusal.js";
import { shortcutOf } from "./shortcuts.js";
import { connected, consulting, desktopWith, seat } from "./testing.js";
import { glareWaitMs, retryWaitMs } from "./waits.js";

describe("Refer-To", () => {
  it("[SG-3] names the dialog as its peer sees it, escaped, in angle brackets and without a display name", () => {
    const ids = { callId: "x@y", localTag: "mine", remoteTag: "theirs", remoteTarget: "sip:1.2.3.4:5060;transport=ws" };
    expect(referToReplacing(ids)).toBe(
      "<sip:1.2.3.4:5060;transport=ws?Replaces=x%40y%3Bto-tag%3Dtheirs%3Bfrom-tag%3Dmine>",
    );
    expect(referToReplacing({ ...ids, remoteTarget: "sip:a@b?X=1" })).toContain("?X=1&Replaces=");
    expect(referToFocus("sip:focus@legwork.test;conf=1")).toBe("<sip:focus@legwork.test;conf=1>");
  });

  it("reads the status of a sipfrag, and nothing out of anything else", () => {
    expect(sipfragStatus("SIP/2.0 200 OK\r\n")).toBe(200);
    expect(sipfragStatus("SIP/2.0 100")).toBe(100);
    for (const body of ["", "HTTP/1.1 200 OK", "SIP/2.0 20", "SIP/2.0 2000 X"]) {
      expect(sipfragStatus(body)).toBeUndefined();
    }
  });
});

describe("waits", () => {
  it("[SG-4] keeps to RFC 3261 14.1 after 491: 2.1 to 4 s for who chose the Call-ID, 0 to 2 s for the other", () => {
    for (const chance of [0, 0.25, 0.5, 0.999]) {
      expect(glareWaitMs("outgoing", chance)).toBeGreaterThanOrEqual(2100);
      expect(glareWaitMs("outgoing", chance)).toBeLessThanOrEqual(4000);
      expect(glareWaitMs("incoming", chance)).toBeLessThanOrEqual(2000);
      expect(glareWaitMs("incoming", chance) % 10).toBe(0);
    }
    expect(glareWaitMs("incoming", 0)).toBe(0);
  });

  it("backs off to a limit, never to nothing", () => {
    expect(retryWaitMs(0, 0)).toBe(250);
    expect(retryWaitMs(3, 1)).toBe(4000);
    expect(retryWaitMs(50, 1)).toBe(15_000);
  });
});

describe("refusals", () => {
  it("[CO-11] takes the server's own code from Warning 399", () => {
    expect(refusalCode("invite", 403, '399 legwork "in-conference: no consult from a conference"')).toBe(
      "in-conference",
    );
    const text = '399 legwork.local "not-owner: Only the owner of the interaction may do this"';
    expect(refusalCode("refer", 500, text)).toBe("not-owner");
    expect(refusalCode("refer", 500, `307 x "Session parameter not understood", ${text}`)).toBe("not-owner");
  });

  it("takes no code from a host's name or from a sentence", () => {
    expect(refusalCode("invite", 403, '399 unavailable.example "in-a-call: Not possible during a call"')).toBe(
      "in-a-call",
    );
    expect(refusalCode("invite", 403, '399 unavailable.example "the target is unavailable"')).toBe("not-owner");
    expect(refusalCode("invite", 403, '399 x "constructor: nothing of ours"')).toBe("not-owner");
  });

  it("reads the status where there is no code", () => {
    expect(refusalCode("hold", 500, undefined)).toBe("hold-failed");
    expect(refusalCode("invite", 603, undefined)).toBe("target-not-reachable");
    expect(refusalCode("invite", 403, undefined)).toBe("not-owner");
    expect(refusalCode("invite", 500, undefined)).toBe("unavailable");
    expect(refusalCode("refer", 603, undefined)).toBe("media-failed");
    expect(refusalCode("refer", 403, '399 x "nothing we know"')).toBe("not-owner");
  });
});

describe("calls that answer themselves", () => {
  const headers = (all: Record<string, string>) => (name: string) => all[name];
  it("[SE-1] knows the three ways to ask for it", () => {
    expect(answersByItself(headers({ "Alert-Info": "<http://127.0.0.1>;info=alert-autoanswer" }))).toBe(true);
    expect(answersByItself(headers({ "Call-Info": "<sip:x>;answer-after=0" }))).toBe(true);
    expect(answersByItself(headers({ "Answer-After": "0" }))).toBe(true);
  });

  it("lets every other call ring", () => {
    expect(answersByItself(headers({}))).toBe(false);
    expect(answersByItself(headers({ "Call-Info": "<sip:x>;answer-after=05", "Alert-Info": "<http://x>" }))).toBe(
      false,
    );
  });
});

describe("timers", () => {
  it("count whole seconds and never backwards", () => {
    expect(secondsBetween(1000, 3999)).toBe(2);
    expect(secondsBetween(5000, 4000)).toBe(0);
    expect([0, 59, 60, 3725].map(formatSeconds)).toEqual(["00:00", "00:59", "01:00", "1:02:05"]);
  });
});

describe("who hears whom", () => {
  const people = (...seats: string[]) => ({ kind: "people", seats }) as const;

  it("[CF-1] draws all three lines of a conference", () => {
    const seats = seatsInOrder([
      seat("consulted", people("customer", "owner")),
      seat("owner", people("customer", "consulted"), true),
      seat("customer", people("owner", "consulted")),
    ]);
    expect(seats.map(({ role }) => role)).toEqual(["customer", "owner", "consulted"]);
    expect(linesBetween(seats)).toEqual([
      { from: 0, to: 1, sound: "both" },
      { from: 0, to: 2, sound: "both" },
      { from: 1, to: 2, sound: "both" },
    ]);
  });

  it("[MX-1] draws no line to a customer who hears music", () => {
    const seats = [
      seat("customer", { kind: "music" }),
      seat("owner", people("consulted"), true),
      seat("consulted", people("owner")),
    ];
    expect(linesBetween(seats)).toEqual([{ from: 1, to: 2, sound: "both" }]);
  });

  it("shows one direction as one, and leaves out a seat it does not know", () => {
    const seats = [seat("customer", people("owner", "ghost")), seat("owner", { kind: "silence" }, true)];
    expect(linesBetween(seats)).toEqual([{ from: 0, to: 1, sound: "to-from" }]);
    expect(heardBy(seats[0]!, seats).map(({ role }) => role)).toEqual(["owner"]);
  });
});

describe("what a consulted agent reads", () => {
  it("[CO-3] is that they are on hold while the owner is with the customer, and with whom the others speak", () => {
    const seats = [
      seat("customer", { kind: "people", seats: ["owner"] }),
      seat("owner", { kind: "people", seats: ["customer"] }),
      { ...seat("consulted", { kind: "music" }, true), status: "on-hold" as const, since: "2026-01-01T00:00:07Z" },
    ];
    const [customer, owner] = seats;
    const view = { ...consulting("answered", "customer"), role: "consulted" as const, seats };
    expect(headingOf(view)).toEqual({ phase: "consulted-on-hold", since: "2026-01-01T00:00:07Z" });
    expect(busyWith(owner!, seats)).toEqual([customer]);
    expect(busyWith(customer!, seats)).toEqual([owner]);
  });

  it("[CO-3] is the phase and plain talking while the owner speaks with them", () => {
    const seats = [
      seat("owner", { kind: "people", seats: ["consulted"] }),
      seat("consulted", { kind: "people", seats: ["owner"] }, true),
    ];
    const view = { ...consulting("answered", "consult"), role: "consulted" as const, seats };
    expect(headingOf(view)).toEqual({ phase: "consulting", since: view.phaseSince });
    expect(seats.map((each) => busyWith(each, seats))).toEqual([[], []]);
  });
});

describe("announcements", () => {
  const key = (before: Parameters<typeof announcementFor>[0], after: Parameters<typeof announcementFor>[1]) =>
    announcementFor(before, after)?.key;

  it("[HO-3] tells each change once", () => {
    const before = desktopWith(connected());
    const after = desktopWith({ ...connected(), phase: "held" });
    expect(announcementFor(before, after)).toMatchObject({ key: "held", names: { customer: "Ingrid" } });
    expect(key(after, after)).toBeUndefined();
  });

  it("[CO-3] says who is talked with in a consult", () => {
    const talking = desktopWith(consulting("answered", "consult"));
    expect(announcementFor(null, talking)).toMatchObject({ key: "consult-talking", names: { target: "Bjørn" } });
    expect(key(talking, desktopWith(consulting("answered", "customer")))).toBe("consult-customer");
    expect(key(talking, desktopWith({ ...consulting("answered", "customer"), role: "consulted" }))).toBe(
      "consulted-on-hold",
    );
    expect(key(null, desktopWith(consulting("holding", "none")))).toBe("consult-ringing");
  });

  it("[DF-7] tells that the call is over, and of the wrap-up that it leaves", () => {
    const over = desktopWith(null);
    const wrapUp = { id: "w" } as (typeof over.wrapUps)[number];
    expect(key(desktopWith(connected()), over)).toBe("ended");
    expect(key(desktopWith(connected()), { ...over, wrapUps: [wrapUp] })).toBe("wrap-up");
    expect(key(over, over)).toBeUndefined();
  });
});

describe("shortcuts", () => {
  const press = { code: "KeyH", altKey: true, shiftKey: true, ctrlKey: false, metaKey: false, repeat: false };
  it("are Alt+Shift and a letter, once per press", () => {
    const page = { inModal: false, inText: false, mac: false };
    expect(shortcutOf(press, page)).toBe("hold");
    expect(shortcutOf({ ...press, repeat: true }, page)).toBeUndefined();
    expect(shortcutOf({ ...press, altKey: false }, page)).toBeUndefined();
    expect(shortcutOf({ ...press, ctrlKey: true }, page)).toBeUndefined();
    expect(shortcutOf({ ...press, code: "KeyZ" }, page)).toBeUndefined();
  });

  it("[DF-1] do nothing behind an open dialog but answer and mute, and are letters in a text field of macOS", () => {
    const dialog = { inModal: true, inText: true, mac: false };
    const does = (place: typeof dialog) =>
      ["KeyT", "KeyE", "KeyA", "KeyD", "KeyM"].map((code) => shortcutOf({ ...press, code }, place));
    expect(does(dialog)).toEqual([undefined, undefined, "accept", "decline", "mute"]);
    expect(does({ ...dialog, mac: true })).toEqual(Array(5).fill(undefined));
    expect(does({ inModal: false, inText: true, mac: false })).toEqual([
      "transfer",
      "end",
      "accept",
      "decline",
      "mute",
    ]);
  });
});
