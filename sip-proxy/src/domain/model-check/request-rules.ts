import type { Control, Controls, ErrorCode } from "@legwork/shared/api";
import type { Request } from "@legwork/shared/interaction";
import { controlsFor } from "../controls.js";
import { decide } from "../decide.js";
import type { InteractionState } from "../interaction-state.js";
import { legPlan } from "../leg-plan.js";
import { isRequest } from "../phases/steps.js";
import { seatPlan } from "../seat-plan.js";
import { commandsOf, invitesOf } from "./bookkeeping-rules.js";
import { changedHands, consultedOf, pendingRequests } from "./facts.js";
import { COUNTRY, sound } from "./hearing-rules.js";
import type { Transition } from "./reachable.js";
import { verdictOn } from "./rights.js";
import { differ, rule, type Rule } from "./rule.js";

type ControlName = keyof Controls;

/** The request a button stands for; a button that is missing here does not compile. */
const BUTTONS: Readonly<Record<ControlName, Request["type"] | null>> = {
  hold: "holdRequested",
  unhold: "unholdRequested",
  consult: "consultRequested",
  resume: "resumeRequested",
  "blind-transfer": "blindTransferRequested",
  transfer: "transferRequested",
  "accept-transfer": "transferAccepted",
  "decline-transfer": "transferDeclined",
  conference: "conferenceRequested",
  "end-consult": "endConsultRequested",
  "back-to-customer": "backToCustomerRequested",
  leave: "leaveRequested",
  end: "endRequested",
  dtmf: null,
};
const buttonFor = (type: Request["type"]) =>
  (Object.keys(BUTTONS) as ControlName[]).find((name) => BUTTONS[name] === type) ?? null;

/** What is granted without a button: it would do nothing, or another button does it. */
const WITHOUT_BUTTON: readonly (readonly [InteractionState["phase"], Request["type"]])[] = [
  ["connected", "holdRequested"], // held already
  ["connected", "unholdRequested"], // not held, or a hold on its way that is taken back
  ["connected", "leaveRequested"], // CO-13: End
  ["dialling", "leaveRequested"], // End
  ["consulting", "endRequested"], // End consult, or Back to customer and End
];

/** DF-6: one who can talk to somebody has keys to press. */
function hasKeys(s: InteractionState, seat: string): boolean {
  switch (s.phase) {
    case "connected":
      return seat === s.owner.seat;
    case "consulting":
      return seat === consultedOf(s)?.seat || (seat === s.owner.seat && s.stage.kind === "answered");
    case "asking":
      return seat === s.consult.consulted.seat;
    case "conference":
      return seat === s.owner.seat || seat === s.consult.consulted.seat;
    default:
      return false;
  }
}

/** Buttons that are seen but cannot be pressed: where the owner is to know why (DF-6). */
function seenDisabled(s: InteractionState, name: ControlName): boolean {
  const talk = name === "resume" || name === "transfer" || name === "conference";
  switch (s.phase) {
    case "connected":
      return s.hold.kind === "starting" && name === "hold";
    case "consulting":
      return talk && s.stage.kind !== "answered";
    case "asking":
    case "transferring":
    case "joining":
      return talk || name === "end-consult" || name === "back-to-customer";
    case "conference":
      return name === "consult" || name === "hold";
    default:
      return false;
  }
}

const ownRefusal = (t: Transition, e: Request) => commandsOf(t, "refuseRequest").find((c) => c.request === e.request);

/** The answer that what was waited for gets, when it is waited for no more: null for yes. */
function outcomeOf({ before, step, event }: Transition): ErrorCode | null {
  const after = step.state;
  const failed = event.type === "mediaFailed" || (event.type === "timerFired" && event.timer === "hold");
  switch (before?.phase) {
    case "connected":
      if (after.phase === "connected" && after.hold.kind === "in-force") return null;
      if (event.type === "blindTransferRequested") return null; // SG-3: held, and away
      return failed ? "hold-failed" : "not-in-this-phase";
    case "consulting":
      if (after.phase === "consulting" && after.stage.kind !== "holding") return null;
      return failed ? "hold-failed" : "not-in-this-phase";
    case "asking":
      if (changedHands(before, after)) return null;
      return after.phase === "consulting" ? "transfer-declined" : "media-failed";
    case "transferring":
      return changedHands(before, after) ? null : "media-failed";
    default:
      return after.phase === "conference" ? null : "media-failed";
  }
}

/** What is heard on each leg, as a text. */
const heardNow = (s: InteractionState | null): string =>
  s
    ? [...legPlan(s, seatPlan(s, COUNTRY))]
        .map(([leg, source]) => `${leg} ${sound(source)}`)
        .sort()
        .join()
    : "";

/** A state as a text, but for when its phase began. */
function lasting(s: InteractionState): string {
  const { since: _, ...rest } = s.phase === "ended" ? { ...s, since: 0 } : s;
  return JSON.stringify(rest);
}

const SWITCHES: ReadonlySet<string> = new Set(["legHeld", "legUnheld", "resumeRequested", "unholdRequested"]);

/** Who may do what, and that everybody who asks is answered. */
export const requestRules: readonly Rule<Transition>[] = [
  rule("[CO-1] [CO-10] [CO-11] [CF-5] grants what each may do and nothing else, and says why not", (t) => {
    const { before, event } = t;
    if (!isRequest(event)) return null;
    const [got, want] = [ownRefusal(t, event)?.why ?? "granted", verdictOn(before, event)];
    return got === want ? null : `${got} instead of ${want}`;
  }),
  rule("[CO-11] changes nothing when it refuses; what came as an INVITE is refused on its own leg", (t) => {
    const { before, event, step } = t;
    const refused = isRequest(event) && ownRefusal(t, event);
    if (!refused) return null;
    if (before && step.state !== before) return "a refusal changed the state";
    const line = invitesOf(event).map((leg) => ({ type: "endLeg", leg, cause: { refused: refused.why } }));
    return JSON.stringify(step.commands.slice(1)) === JSON.stringify(line) ? null : "a refusal did something";
  }),
  rule("answers every request exactly once, at once or later, and as it turned out", (t) => {
    const { before, event, step } = t;
    const [was, is] = [pendingRequests(before), pendingRequests(step.state)];
    const answers = step.commands.flatMap((c) =>
      c.type === "acceptRequest" ? [`${c.request} yes`] : c.type === "refuseRequest" ? [`${c.request} ${c.why}`] : [],
    );
    const want: string[] = [];
    for (const one of was) if (!is.includes(one)) want.push(`${one} ${outcomeOf(t) ?? "yes"}`);
    if (isRequest(event) && !is.includes(event.request)) {
      const verdict = verdictOn(before, event);
      want.push(`${event.request} ${verdict === "granted" ? "yes" : verdict}`);
    }
    return differ([...answers].sort(), want.sort());
  }),
  rule("[HO-3] [HO-5] [CO-3] answers a switch when it is heard, and everything else at once", (t) => {
    const { before, event, step } = t;
    for (const { request, when } of commandsOf(t, "acceptRequest")) {
      const own = isRequest(event) && event.request === request;
      if (!own || !SWITCHES.has(event.type)) {
        if (when !== "now") return `answers ${event.type} late`;
      } else if (when === "now" && heardNow(before) !== heardNow(step.state)) return `answers ${event.type} early`;
    }
    return null;
  }),
  rule("[CO-11] [HO-4] leaves all as it was when a switch cannot be heard, and keeps it once it is", (t) => {
    const { before, event, step, policy } = t;
    const { state } = step;
    if (state.phase === "ended" || !before || before.phase === "ended") return null;
    if (event.type === "mediaInForce" && state.undo) return "a switch that is heard could still be taken back";
    const waits =
      isRequest(event) && commandsOf(t, "acceptRequest").some((c) => c.request === event.request && c.when === "heard");
    if (!waits || state === before || (before.phase === "connected" && before.hold.kind === "starting")) return null;
    const { undo: _settled, ...former } = before; // what waited before is settled by this one
    const [got, want] = [state, former].map((s) => lasting(decide(s, { type: "mediaFailed", at: 0 }, policy).state));
    return got === want ? null : `leaves ${got} instead of ${want}`;
  }),
  rule(
    "[DF-6] [HO-1] shows as buttons just what would be granted, and disabled ones with the reason of the refusal",
    (t) => {
      const { before, event } = t;
      if (!before || !isRequest(event) || event.by === null) return null;
      if ("referral" in event && event.referral !== null) return null; // a telephone's key, no button
      const name = buttonFor(event.type);
      if (name === null) return null;
      const control: Control = controlsFor(before, event.by)[name];
      const verdict = ownRefusal(t, event)?.why ?? "granted";
      if (control.enabled)
        return verdict === "granted" && control.visible && control.reason === null
          ? null
          : `${name} is offered in vain`;
      if (control.visible !== (control.reason !== null)) return `${name} does not say why`;
      if (verdict === "granted") {
        const other = WITHOUT_BUTTON.some(([phase, type]) => phase === before.phase && type === event.type);
        return other || control.visible ? null : `${name} is not offered`;
      }
      const owners = "owner" in before && event.by === before.owner.seat;
      if (control.visible !== (owners && seenDisabled(before, name))) return `${name} is seen, or not, against DF-6`;
      const why = before.phase === "conference" ? "in-conference" : verdict;
      return !control.visible || control.reason === why ? null : `${name}: ${control.reason} instead of ${why}`;
    },
  ),
  rule("[MX-4] [DF-6] gives a keypad to who talks with somebody", ({ before, event }) => {
    if (!before || !isRequest(event) || event.by === null || event.type !== "endRequested") return null;
    const { visible, enabled } = controlsFor(before, event.by).dtmf;
    return visible === enabled && enabled === hasKeys(before, event.by) ? null : "a keypad too many or too few";
  }),
];
