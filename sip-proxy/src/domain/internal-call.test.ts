import { describe, expect, it } from "@jest/globals";
import { brand, type LegId } from "@legwork/shared/ids";
import { decideInternal, internalPlan, type InternalCall, type InternalEvent } from "./internal-call.js";

const [caller, callee] = [brand<LegId>("caller"), brand<LegId>("callee")];

/** Runs events from the beginning; the state, and the last step's commands as text. */
function run(...events: readonly InternalEvent[]) {
  let state: InternalCall | null = null;
  let last: readonly string[] = [];
  for (const event of events) {
    const step = decideInternal(state, event);
    state = step.state;
    last = step.commands.map((c) => ("leg" in c ? `${c.type} ${c.leg}` : c.type));
  }
  if (!state) throw new Error("no event");
  return { state, commands: last, heard: [...internalPlan(state, "NO")] };
}
const placed = (invited: boolean): InternalEvent => ({ type: "placed", caller, callee, invited });
const answered = (leg: LegId): InternalEvent => ({ type: "legAnswered", leg });
const talking = [placed(true), answered(callee)] as const;

describe("an internal call", () => {
  it("[IN-1] rings at the callee with ringback for the caller, and both talk after the answer", () => {
    expect(run(placed(true))).toMatchObject({
      commands: ["progress caller", "call callee", "startTimer"],
      heard: [[caller, { kind: "ringback", country: "NO" }]],
    });
    expect(run(...talking)).toMatchObject({
      state: { phase: "talking" },
      commands: ["stopTimer", "answer caller", "engage"],
      heard: [
        [caller, { kind: "parties", parties: [callee] }],
        [callee, { kind: "parties", parties: [caller] }],
      ],
    });
  });

  it("[IN-1] calls the caller's telephone first when it was asked for at the desktop", () => {
    expect(run(placed(false))).toMatchObject({ commands: ["call caller", "startTimer"], heard: [] });
    expect(run(placed(false), answered(caller)).commands).toEqual(["call callee", "startTimer"]);
    expect(run(placed(false), answered(caller), answered(callee)).commands).toEqual(["stopTimer", "engage"]);
    const busy = { type: "legFailed", leg: caller, failure: { kind: "busy" } } as const;
    expect(run(placed(false), busy).commands).toEqual(["stopTimer", "close"]); // the callee was never called
  });

  it("[IN-1] ends for both when either hangs up, at the phone or at the desktop", () => {
    expect(run(...talking, { type: "legEnded", leg: caller }).commands).toEqual(["end callee", "close"]);
    expect(run(...talking, { type: "legEnded", leg: callee }).commands).toEqual(["end caller", "close"]);
    expect(run(...talking, { type: "hungUp", leg: callee }).commands).toEqual(["end caller", "end callee", "close"]);
    expect(run(placed(true), { type: "legEnded", leg: caller }).commands).toEqual(["stopTimer", "end callee", "close"]);
  });

  it("[IN-1] ends with the callee's reason, and when nobody answers", () => {
    const busy = { kind: "busy" } as const;
    const ringing = run(placed(true)).state;
    const failed = { type: "legFailed", leg: callee, failure: busy } as const;
    expect(decideInternal(ringing, failed).commands).toContainEqual({
      type: "end",
      leg: caller,
      cause: { failed: busy },
    });
    expect(run(placed(true), { type: "noAnswer" }).commands).toEqual([
      "stopTimer",
      "end caller",
      "end callee",
      "close",
    ]);
    expect(run(...talking, { type: "noAnswer" }).state.phase).toBe("talking");
  });

  it("[IN-1] [HO-5] takes out only the own audio of whose hold key is pressed", () => {
    expect(run(...talking, { type: "legHeld", leg: caller }).heard).toEqual([
      [caller, { kind: "parties", parties: [callee] }],
      [callee, { kind: "silence" }],
    ]);
    const back = run(...talking, { type: "legHeld", leg: caller }, { type: "legUnheld", leg: caller });
    expect(back.heard).toEqual(run(...talking).heard);
  });

  it("[IN-1] ignores what comes late, and legs it does not have", () => {
    const stranger = brand<LegId>("stranger");
    for (const type of ["legAnswered", "legEnded", "hungUp"] as const) {
      expect(run(...talking, { type, leg: stranger })).toMatchObject({ state: { phase: "talking" }, commands: [] });
    }
    const over = run(...talking, { type: "legEnded", leg: caller }, answered(callee));
    expect(over).toMatchObject({ state: { phase: "ended" }, commands: [], heard: [] });
    expect(run(...talking, placed(true)).state.phase).toBe("talking");
  });
});
