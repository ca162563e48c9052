import type { LegId } from "@legwork/shared/ids";
import type { LegFailure } from "@legwork/shared/interaction";
import type { LegPlan, LegSource } from "@legwork/shared/media";
import type { EndCause } from "./interaction-state.js";

/** One end of an internal call. */
export interface End {
  readonly leg: LegId;
  /** Its hold key is pressed: the other hears nothing from it (HO-5). */
  readonly held: boolean;
}

interface Ends {
  readonly caller: End;
  readonly callee: End;
}

/** IN-1: two telephones of the site with each other; no customer, no owner, no wrap-up. */
export type InternalCall =
  /** The caller's telephone is called first: it was asked for at the desktop. */
  | ({ readonly phase: "calling-back" } & Ends)
  /** `invited`: the caller's own INVITE, answered when the callee has answered. */
  | ({ readonly phase: "ringing"; readonly invited: boolean } & Ends)
  | ({ readonly phase: "talking" } & Ends)
  | { readonly phase: "ended" };

export type InternalEvent =
  | { readonly type: "placed"; readonly caller: LegId; readonly callee: LegId; readonly invited: boolean }
  | { readonly type: "legAnswered" | "legEnded" | "hungUp"; readonly leg: LegId }
  | { readonly type: "legFailed"; readonly leg: LegId; readonly failure: LegFailure }
  | { readonly type: "legHeld" | "legUnheld"; readonly leg: LegId }
  | { readonly type: "noAnswer" };

export type InternalCommand =
  | { readonly type: "call" | "progress" | "answer"; readonly leg: LegId }
  | { readonly type: "end"; readonly leg: LegId; readonly cause: EndCause }
  | { readonly type: "startTimer" | "stopTimer" }
  /** Both talk: agents among them are Engaged. */
  | { readonly type: "engage" }
  /** All is over: agents go back to their former states. */
  | { readonly type: "close" };

export interface InternalStep {
  readonly state: InternalCall;
  readonly commands: readonly InternalCommand[];
}

const ENDED: InternalCall = { phase: "ended" };
const to = (state: InternalCall, ...commands: readonly InternalCommand[]): InternalStep => ({ state, commands });

/** The whole rule set of an internal call. Pure. A late event changes nothing. */
export function decideInternal(s: InternalCall | null, e: InternalEvent): InternalStep {
  if (e.type === "placed") return s ? to(s) : placed(e);
  if (!s || s.phase === "ended") return to(s ?? ENDED);
  switch (e.type) {
    case "legAnswered":
      return answered(s, e.leg);
    case "legHeld":
    case "legUnheld":
      return to(marked(s, e.leg, e.type === "legHeld"));
    case "noAnswer":
      return s.phase === "talking" ? to(s) : over(s, null, { failed: { kind: "no-answer" } });
    case "legFailed":
      return isIn(s, e.leg) ? over(s, e.leg, { failed: e.failure }) : to(s);
    case "legEnded":
      return isIn(s, e.leg) ? over(s, e.leg, s.phase === "talking" ? "normal" : "cancelled") : to(s);
    case "hungUp":
      return isIn(s, e.leg) ? over(s, null, s.phase === "talking" ? "normal" : "cancelled") : to(s);
  }
}

function placed({ callee, caller, invited }: Extract<InternalEvent, { type: "placed" }>): InternalStep {
  const ends = { caller: { leg: caller, held: false }, callee: { leg: callee, held: false } };
  return invited
    ? to(
        { phase: "ringing", invited, ...ends },
        { type: "progress", leg: caller },
        { type: "call", leg: callee },
        { type: "startTimer" },
      )
    : to({ phase: "calling-back", ...ends }, { type: "call", leg: caller }, { type: "startTimer" });
}

function answered(s: Exclude<InternalCall, { phase: "ended" }>, leg: LegId): InternalStep {
  const { callee, caller } = s;
  switch (s.phase) {
    case "calling-back":
      return leg === caller.leg
        ? to(
            { phase: "ringing", invited: false, caller, callee },
            { type: "call", leg: callee.leg },
            { type: "startTimer" },
          )
        : to(s);
    case "ringing":
      return leg === callee.leg
        ? to(
            { phase: "talking", caller, callee },
            { type: "stopTimer" },
            ...(s.invited ? [{ type: "answer", leg: caller.leg } as const] : []),
            { type: "engage" },
          )
        : to(s);
    case "talking":
      return to(s);
  }
}

/** Who is still there is told why; `gone` has ended already, and a callee was not called before the caller has answered. */
function over(s: Exclude<InternalCall, { phase: "ended" }>, gone: LegId | null, cause: EndCause): InternalStep {
  const called = s.phase === "calling-back" ? [s.caller] : [s.caller, s.callee];
  return to(
    ENDED,
    ...(s.phase === "talking" ? [] : [{ type: "stopTimer" } as const]),
    ...called.filter(({ leg }) => leg !== gone).map(({ leg }) => ({ type: "end", leg, cause }) as const),
    { type: "close" },
  );
}

const isIn = (s: Exclude<InternalCall, { phase: "ended" }>, leg: LegId): boolean =>
  leg === s.caller.leg || leg === s.callee.leg;

function marked<S extends Ends>(s: S, leg: LegId, held: boolean): S {
  const mark = (end: End): End => (end.leg === leg ? { ...end, held } : end);
  return { ...s, caller: mark(s.caller), callee: mark(s.callee) };
}

/** Who hears whom (MX-1): never oneself. `country` chooses the ringback. */
export function internalPlan(s: InternalCall, country: string): LegPlan {
  if (s.phase === "ended" || s.phase === "calling-back") return new Map();
  if (s.phase === "ringing") return new Map([[s.caller.leg, { kind: "ringback", country }]]);
  const hears = (other: End): LegSource =>
    other.held ? { kind: "silence" } : { kind: "parties", parties: [other.leg] };
  return new Map([
    [s.caller.leg, hears(s.callee)],
    [s.callee.leg, hears(s.caller)],
  ]);
}
