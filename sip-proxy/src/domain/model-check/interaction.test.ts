import { beforeAll, describe, expect, it } from "@jest/globals";
import type { LegId, SeatId } from "@legwork/shared/ids";
import type { SeatSource } from "@legwork/shared/media";
import type { TimerName } from "@legwork/shared/interaction";
import type { InteractionPolicy, InteractionState } from "../interaction-state.js";
import { legPlan } from "../leg-plan.js";
import { isRequest } from "../phases/steps.js";
import { seatsOf } from "../seats.js";
import { seatPlan } from "../seat-plan.js";
import { CUSTOMER_LEG } from "./alphabet.js";
import { explore, type Transition } from "./reachable.js";

const policies: readonly InteractionPolicy[] = [
  { consultEnd: "end-interaction", consultReturn: "automatic", transferAccept: "automatic", seatLost: "end" },
  { consultEnd: "back-to-customer", consultReturn: "stay-held", transferAccept: "ask", seatLost: "queue" },
];

const heardBy = (source: SeatSource | undefined): readonly SeatId[] =>
  source?.kind === "parties" ? source.parties : [];

/** What must hold: says what is wrong, or null. */
type Rule<T> = readonly [title: string, wrong: (item: T) => string | null];
const rule = <T>(title: string, wrong: (item: T) => string | null): Rule<T> => [title, wrong];

const ownerOf = (s: InteractionState | null) => (s && "owner" in s ? s.owner : null);

/** Who owns it without having been asked to wrap up already: a transfer that may still fail opens the wrap-up beforehand (CO-5, BT-1). */
function periodOf(s: InteractionState | null): string | null {
  const opened = s?.phase === "asking" || (s?.phase === "transferring" && s.asked);
  return opened ? null : (ownerOf(s)?.agent ?? null);
}

/** The leg of somebody who is in the state and is to be called later. */
function notYetCalled(s: InteractionState): LegId | null {
  if (s.phase === "consulting" && s.stage.kind === "holding") return s.consult.consulted?.wire.leg ?? null;
  return s.phase === "dialling" && s.calling === "station" ? s.customer.wire.leg : null;
}

/** The agents who are reserved for, or engaged in, the interaction in a state. */
function agentsIn(s: InteractionState | null): readonly string[] {
  if (!s) return [];
  const later = notYetCalled(s);
  return seatsOf(s).flatMap((seat) => ("agent" in seat && seat.wire.leg !== later ? [seat.agent] : []));
}

/** The timers that must run in a state, and no others. */
function timersOf(s: InteractionState): readonly TimerName[] {
  switch (s.phase) {
    case "offered":
      return ["ring"];
    case "connected":
      return s.hold.kind === "starting" ? ["hold"] : [];
    case "consulting":
      return s.stage.kind === "holding"
        ? ["hold"]
        : s.stage.kind !== "ringing"
          ? []
          : "queue" in s.consult.target
            ? ["ring"]
            : ["no-answer"];
    case "dialling":
    case "blind-transferring":
      return ["no-answer"];
    case "asking":
      return ["transfer-answer"];
    case "transferring":
      return s.heard ? ["transfer-up"] : ["transfer-plan", "transfer-up"];
    case "joining":
      return ["joining"];
    default:
      return [];
  }
}

const legsOf = (s: InteractionState): readonly string[] => [...legPlan(s, seatPlan(s, "NO")).keys()];

/** What holds in every state. */
const stateRules: readonly Rule<InteractionState>[] = [
  rule(
    "[MX-1] never lets the customer hear a consult, nor the consulted party the customer, outside a conference",
    (s) => {
      if (s.phase !== "consulting") return null;
      const plan = seatPlan(s, "NO");
      const { customer, owner, consult } = s;
      const customerHears = heardBy(plan.get(customer.seat));
      const consulted = consult.consulted?.seat;
      if (consulted && customerHears.includes(consulted)) return "the customer hears the consulted party";
      if (consulted && heardBy(plan.get(consulted)).includes(customer.seat))
        return "the consulted party hears the customer";
      const talking = s.stage.kind === "answered" && s.stage.active === "customer";
      return customerHears.includes(owner.seat) && !talking ? "the customer hears the owner during a consult" : null;
    },
  ),
  rule("[MX-1] lets nobody hear themself, not on any leg", (s) => {
    const seats = seatPlan(s, "NO");
    for (const [seat, source] of seats) if (heardBy(source).includes(seat)) return `${seat} hears itself`;
    const owner = ownerOf(s);
    const own = owner ? [owner.wire.leg, "consult" in s ? s.consult.line?.leg : undefined] : [];
    for (const [leg, source] of legPlan(s, seats)) {
      if (source.kind !== "parties") continue;
      if (source.parties.includes(leg)) return `${leg} hears itself`;
      if (own.includes(leg) && source.parties.some((p) => own.includes(p))) return `${leg} hears its own other leg`;
    }
    return null;
  }),
  rule("[MX-1] takes an agent's microphone from one leg only", (s) => {
    const owner = ownerOf(s);
    const line = "consult" in s ? s.consult.line?.leg : undefined;
    if (!owner || !line) return null;
    const heard = new Set(
      [...legPlan(s, seatPlan(s, "NO")).values()].flatMap((x) => (x.kind === "parties" ? x.parties : [])),
    );
    return heard.has(owner.wire.leg) && heard.has(line) ? "both legs of the owner are heard" : null;
  }),
];

const moving = (s: InteractionState | null): boolean =>
  s !== null && s.phase !== "ended" && "referral" in s && s.referral !== null;

/** What holds of every step from one state to the next. */
const stepRules: readonly Rule<Transition>[] = [
  rule("[CO-2] calls nobody before the customer's hold is in force", ({ before, event, step }) => {
    const calls = step.commands.some((c) => c.type === "originateLeg");
    if (!calls || step.state.phase !== "consulting" || event.type === "offerStarted") return null;
    const wasHeld = before?.phase === "connected" && before.hold.kind === "in-force";
    return wasHeld || event.type === "mediaInForce" ? null : "a target was called too early";
  }),
  rule("[CO-11] changes nothing when it refuses", ({ before, event, step }) => {
    if (!before || !isRequest(event)) return null;
    const refused = step.commands.some((c) => c.type === "refuseRequest" && c.request === event.request);
    return refused && pendingRequests(before) === 0 && step.state !== before ? "a refusal changed the state" : null;
  }),
  rule("answers every request exactly once, at once or later", ({ before, event, step }) => {
    const answers = step.commands.filter((c) => c.type === "acceptRequest" || c.type === "refuseRequest").length;
    const asked = isRequest(event) ? 1 : 0;
    const owed = (before ? pendingRequests(before) : 0) + asked - pendingRequests(step.state);
    return answers === owed ? null : `${answers} answers to ${owed} requests`;
  }),
  rule("[WU-2] begins and ends ownership in pairs, and so opens exactly one wrap-up per period", ({ before, step }) => {
    const [was, is] = [periodOf(before), periodOf(step.state)];
    const began = step.commands.filter((c) => c.type === "ownershipBegan").map((c) => c.agent);
    const ended = step.commands.filter((c) => c.type === "ownershipEnded").map((c) => c.agent);
    const wantBegan = is !== null && is !== was ? [is] : [];
    const wantEnded = was !== null && is !== was ? [was] : [];
    return JSON.stringify([began, ended]) === JSON.stringify([wantBegan, wantEnded]) ? null : "ownership is not paired";
  }),
  rule("[CO-10] never opens a wrap-up for who was only consulted", ({ before, step }) => {
    const consulted = before && "consult" in before ? before.consult.consulted : null;
    const agent = consulted && "agent" in consulted ? consulted.agent : null;
    return step.commands.some((c) => c.type === "ownershipEnded" && c.agent === agent)
      ? "a consulted party wraps up"
      : null;
  }),
  rule("runs exactly the timers its state needs", ({ before, event, step }) => {
    if (step.state.phase === "ended") return null; // the shell stops what is left
    const running = new Set(before ? timersOf(before) : []);
    if (event.type === "timerFired") {
      if (!running.has(event.timer)) return step.state === before ? null : "a timer that does not run did something";
      running.delete(event.timer);
    }
    for (const c of step.commands) {
      if (c.type === "startTimer") running.add(c.timer);
      if (c.type === "stopTimer") running.delete(c.timer);
    }
    const want = [...timersOf(step.state)].sort().join();
    return [...running].sort().join() === want ? null : `timers ${[...running].join()} instead of ${want}`;
  }),
  rule("leaves no leg behind: one that is no longer in the state was ended or has ended", ({ before, event, step }) => {
    if (!before) return null;
    const gone = "leg" in event && (event.type === "legEnded" || event.type === "legFailed") ? event.leg : null;
    const ended = new Set<string>(step.commands.flatMap((c) => (c.type === "endLeg" ? [c.leg] : [])));
    const neverCalled = notYetCalled(before);
    const after = new Set(legsOf(step.state));
    const left = legsOf(before).filter((l) => !after.has(l) && l !== gone && l !== neverCalled && !ended.has(l));
    return left.length === 0 ? null : `left behind: ${left.join()}`;
  }),
  rule("[AG-3] gives back every agent it has taken, and only those", ({ before, event, step }) => {
    const taken = new Set([...agentsIn(before), ...(event.type === "offerStarted" ? [event.agent] : [])]);
    if (event.type === "callPlaced" && before === null) taken.add(event.agent);
    for (const c of step.commands) if (c.type === "originateLeg" && "agent" in c.to) taken.add(c.to.agent);
    const released = step.commands.flatMap((c) => (c.type === "releaseAgent" ? [c.agent] : []));
    const kept = agentsIn(step.state);
    const want = [...taken]
      .filter((a) => !kept.includes(a))
      .sort()
      .join();
    return [...released].sort().join() === want ? null : `released ${released.join()} instead of ${want}`;
  }),
  rule("[SG-3] sends one final NOTIFY per referral, and before the legs end", ({ before, step }: Transition) => {
    const finals = step.commands.filter((c) => c.type === "notifyReferrer" && c.status !== 100).length;
    const answeredAtOnce = step.commands.some((c) => c.type === "acceptReferral") && !moving(step.state);
    const want = answeredAtOnce || (moving(before) && !moving(step.state)) ? 1 : 0;
    if (finals !== want) return `${finals} final NOTIFYs instead of ${want}`;
    const notified = step.commands.findIndex((c) => c.type === "notifyReferrer" && c.status !== 100);
    const ended = step.commands.findIndex((c) => c.type === "endLeg");
    return want === 1 && ended !== -1 && ended < notified ? "a leg ends before the final NOTIFY" : null;
  }),
  rule("[CO-12] [QU-2] ends when the customer hangs up, whatever the state", ({ before, event, step }) => {
    const hungUp = before !== null && event.type === "legEnded" && event.leg === CUSTOMER_LEG;
    return hungUp && step.state.phase !== "ended" ? "still there" : null;
  }),
];

describe.each(policies)("every reachable state of an interaction, policy %o", (policy) => {
  const wrong = new Map<string, string>();
  const phases = new Set<string>();
  let states = 0;
  let transitions = 0;

  const check = <T>(rules: readonly Rule<T>[], item: T): void => {
    for (const [title, verdict] of rules) {
      const what = wrong.has(title) ? null : verdict(item);
      if (what !== null) wrong.set(title, `${what}: ${JSON.stringify(item)}`.slice(0, 1500));
    }
  };

  beforeAll(() => {
    states = explore(policy, {
      state: (state) => {
        phases.add(state.phase);
        check(stateRules, state);
      },
      transition: (transition) => {
        transitions++;
        check(stepRules, transition);
      },
    });
    process.stdout.write(`model: ${states} states, ${transitions} steps that do something\n`);
  }, 300_000);

  it("is a space of some size, in which every phase is reached", () => {
    expect(phases.size).toBe(policy.transferAccept === "ask" ? 12 : 11);
    expect(states).toBeGreaterThan(1_000);
  });

  it.each([...stateRules, ...stepRules].map(([title]) => title))("%s", (title) => {
    expect(wrong.get(title) ?? null).toBeNull();
  });
});

/** Requests whose answer is still owed in a state. */
function pendingRequests(s: InteractionState): number {
  switch (s.phase) {
    case "connected":
      return s.hold.kind === "starting" ? 1 : 0;
    case "consulting":
      return s.stage.kind === "holding" ? 1 : 0;
    case "asking":
    case "transferring":
    case "joining":
      return 1;
    default:
      return 0;
  }
}
