import { describe, expect, it } from "@jest/globals";
import { mayReplace, parseReplaces, replacesMatches } from "./replaces.js";

describe("Replaces", () => {
  const dialog = { callId: "c", localTag: "ours", remoteTag: "theirs" };

  it("[SG-3] takes its parameters in any order, and early-only", () => {
    const wanted = { callId: "c", toTag: "1", fromTag: "2", earlyOnly: false };
    expect(parseReplaces("c;to-tag=1;from-tag=2")).toEqual(wanted);
    expect(parseReplaces("c ; FROM-TAG = 2;x=y ;to-tag=1")).toEqual(wanted);
    expect(parseReplaces("c; from-tag=2 ;early-only;to-tag=1")).toEqual({ ...wanted, earlyOnly: true });
  });

  it.each([
    "",
    "c",
    "c;to-tag=1",
    "c;from-tag=2",
    ";to-tag=1;from-tag=2",
    "c;to-tag=;from-tag=2",
    "c;to-tag=1;to-tag=1;from-tag=2",
  ])("[SG-5] names no dialog with %j", (value) => expect(parseReplaces(value)).toBeNull());

  it("[SG-5] names no two dialogs", () => {
    expect(parseReplaces("c;to-tag=1;from-tag=2, d;to-tag=1;from-tag=2")).toBeNull();
  });

  it("[SG-3] matches a dialog from either side, and no other", () => {
    expect(replacesMatches({ callId: "c", toTag: "ours", fromTag: "theirs" }, dialog)).toBe(true);
    expect(replacesMatches({ callId: "c", toTag: "theirs", fromTag: "ours" }, dialog)).toBe(true);
    expect(replacesMatches({ callId: "c", toTag: "ours", fromTag: "ours" }, dialog)).toBe(false);
    expect(replacesMatches({ callId: "d", toTag: "ours", fromTag: "theirs" }, dialog)).toBe(false);
  });

  it("[SG-3] is answered as RFC 3891 says where it cannot be followed", () => {
    const [up, rings] = [
      { ...dialog, early: false },
      { ...dialog, early: true },
    ];
    const named = { callId: "c", toTag: "ours", fromTag: "theirs", earlyOnly: false };
    const earlyOnly = { ...named, earlyOnly: true };
    for (const one of [up, rings]) expect(mayReplace(named, [one], false)).toEqual({ ok: true });
    expect(mayReplace(earlyOnly, [rings], false)).toEqual({ ok: true });
    expect(mayReplace(earlyOnly, [up], false)).toEqual({ ok: false, status: 486 });
    expect(mayReplace(named, [], false)).toEqual({ ok: false, status: 481 });
    expect(mayReplace(named, [up, up], false)).toEqual({ ok: false, status: 481 });
    expect(mayReplace(named, [], true)).toEqual({ ok: false, status: 603 });
  });
});
