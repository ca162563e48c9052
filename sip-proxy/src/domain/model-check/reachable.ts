import type { InteractionEvent } from "@legwork/shared/interaction";
import { decide } from "../decide.js";
import type { InteractionPolicy, InteractionState, Step } from "../interaction-state.js";
import { seatOfLeg, seatsOf } from "../seats.js";
import { ALPHABET, CUSTOMER_SEAT, STRANGER_LEG, STRANGER_SEAT } from "./alphabet.js";
import { canonical, FULL, mixed, PLAIN, type Dress } from "./merging.js";

export interface Transition {
  readonly before: InteractionState | null;
  readonly event: InteractionEvent;
  readonly step: Step;
  /** The site's settings; those that nobody asks for are any. */
  readonly policy: InteractionPolicy;
}

interface Visitor {
  /** Once for each state. */
  state(state: InteractionState): void;
  /** For each event in each state. */
  transition(transition: Transition): void;
}

/** One mixture in so many states is tried beside the plain and the full one. */
const MIXED_EVERY = 4;

/** The whole walk; `trace` tells how a state was reached. */
export class Walk {
  readonly #from = new Map<string, { readonly before: string | null; readonly event: InteractionEvent }>();
  readonly #open: string[] = [];
  /** Where the walk is. */
  #here: string | null = null;

  constructor(
    private readonly policy: InteractionPolicy | "every",
    private readonly visitor: Visitor,
  ) {}

  /** Visits every state and every step; `enough` ends the walk early. Returns how many states there are. */
  run(enough: () => boolean = () => false): number {
    this.#stepAll(null);
    for (let i = 0; i < this.#open.length && !enough(); i++) {
      const key = this.#open[i]!;
      this.#here = key;
      const state = JSON.parse(key) as InteractionState;
      this.visitor.state(state);
      for (const dress of dresses(key, i)) this.#stepAll(dressed(state, dress));
    }
    return this.#open.length;
  }

  /** The states that are known by now. */
  get size(): number {
    return this.#open.length;
  }

  /** The events that lead to where the walk is. */
  trace(): readonly InteractionEvent[] {
    const events: InteractionEvent[] = [];
    for (let at = this.#here; at !== null;) {
      const came = this.#from.get(at)!;
      events.unshift(came.event);
      at = came.before;
    }
    return events;
  }

  #stepAll(before: InteractionState | null): void {
    for (const event of eventsIn(before)) {
      for (const policy of this.policy === "every" ? combinations() : [this.policy]) {
        const step = decide(before, event, policy);
        this.visitor.transition({ before, event, step, policy });
        if (step.state !== before) this.#reach(before, event, step.state);
      }
    }
  }

  #reach(before: InteractionState | null, event: InteractionEvent, after: InteractionState): void {
    for (const next of entries(before, after)) {
      const key = JSON.stringify(dressed(next, PLAIN));
      if (this.#from.has(key)) continue;
      this.#from.set(key, { before: this.#here, event });
      this.#open.push(key);
    }
  }
}

/**
 * Visits every state that any order of events leads to, and every step between two; returns how many states there are. With the policy "every" a
 * site may change its settings at any moment, which is more than any site does: what holds then holds for each combination of them.
 */
export const explore = (policy: InteractionPolicy | "every", visitor: Visitor): number =>
  new Walk(policy, visitor).run();

const dressed = (s: InteractionState, dress: Dress): InteractionState =>
  s.phase === "ended" ? s : canonical(s, dress);

const dresses = (key: string, n: number): readonly Dress[] =>
  n % MIXED_EVERY === 0 ? [PLAIN, FULL, mixed(key)] : [PLAIN, FULL];

/** A transfer asks which of the two has been heard of, any, both or none, and whether the consulted party is lost. */
function entries(before: InteractionState | null, after: InteractionState): readonly InteractionState[] {
  if (after.phase !== "transferring" || before?.phase === "transferring") return [after];
  const { customer, consult } = after;
  const { consulted } = consult;
  const each = [true, false];
  return each.flatMap((one) =>
    each.flatMap((up) =>
      ("agent" in consulted ? each : [false]).map((lost) => ({
        ...after,
        customer: { ...customer, wire: { ...customer.wire, up: one } },
        consult: { ...consult, consulted: { ...consulted, wire: { ...consulted.wire, up, lost } } },
      })),
    ),
  );
}

/** Every value of every setting; one that is missing does not compile. */
const SETTINGS: { readonly [K in keyof InteractionPolicy]: readonly InteractionPolicy[K][] } = {
  consultEnd: ["end-interaction", "back-to-customer"],
  consultReturn: ["automatic", "stay-held"],
  transferAccept: ["automatic", "ask"],
  seatLost: ["queue", "end"],
};
type Setting = keyof InteractionPolicy;
const NAMES = Object.keys(SETTINGS) as Setting[];

/** The policies that differ in `read` only. */
const policiesFor = (read: ReadonlySet<Setting>): readonly InteractionPolicy[] =>
  NAMES.reduce<readonly object[]>(
    (so, name) =>
      so.flatMap((policy) =>
        SETTINGS[name].slice(0, read.has(name) ? undefined : 1).map((v) => ({ ...policy, [name]: v })),
      ),
    [{}],
  ) as InteractionPolicy[];
const USUAL = policiesFor(new Set())[0]!;

const asked = new Set<Setting>();
let values = USUAL;
/** A policy that remembers what it was asked for. */
const watched = Object.defineProperties(
  {},
  Object.fromEntries(NAMES.map((name) => [name, { get: () => (asked.add(name), values[name]), enumerable: true }])),
) as InteractionPolicy;

/**
 * One policy for each combination of the settings that are asked for, by the rules of an interaction or by those of the check, while the policies
 * before it are tried: a setting that nobody asks for need not be tried, and one that only the check asks for is one that the rules have forgotten.
 */
function* combinations(): Generator<InteractionPolicy> {
  asked.clear();
  values = USUAL;
  yield watched;
  const tried = new Set([NAMES.map((name) => USUAL[name]).join()]);
  for (let known = 0; known < asked.size;) {
    known = asked.size;
    for (values of policiesFor(asked)) {
      const key = NAMES.map((name) => values[name]).join();
      if (tried.has(key)) continue;
      tried.add(key);
      yield watched;
    }
  }
}

/**
 * What may happen in a state. The shell keeps two things from the core: an agent who is in the interaction is not called again (AG-3: such an
 * agent is not reachable), and no id is used twice. Seats and legs that are not in the state are all alike: one stranger stands for them.
 */
function eventsIn(s: InteractionState | null): readonly InteractionEvent[] {
  if (!s || s.phase === "ended") return ALPHABET;
  const known = new Set<string | null>([null, STRANGER_SEAT, STRANGER_LEG, CUSTOMER_SEAT, s.customer.wire.leg]);
  if ("consult" in s && s.consult.line) known.add(s.consult.line.leg);
  if ("focus" in s && s.focus) known.add(s.focus.leg);
  for (const seat of seatsOf(s)) {
    known.add(seat.seat).add(seat.wire.leg);
    if ("agent" in seat) known.add(seat.returning);
  }
  return ALPHABET.filter((e) => mayHappen(e, known)).map((e) =>
    e.type === "legHeld" || e.type === "legUnheld" ? { ...e, by: seatOfLeg(s, e.leg) } : e,
  );
}

function mayHappen(e: InteractionEvent, known: ReadonlySet<string | null>): boolean {
  switch (e.type) {
    case "callArrived":
    case "callPlaced":
      return true;
    case "consultRequested":
    case "blindTransferRequested":
      return known.has(e.by) && !known.has(e.seat);
    case "offerStarted":
      return !known.has(e.seat);
    case "stationReturned":
      return known.has(e.seat) && !known.has(e.leg);
    case "legHeld":
    case "legUnheld":
      return known.has(e.leg);
    case "handOffRequested":
      return known.has(e.by) && known.has(e.named);
    default:
      return "by" in e ? known.has(e.by) : !("leg" in e) || known.has(e.leg);
  }
}

/** The same state with the two agents exchanged. */
export const mirrored = <S extends InteractionState>(s: S): S =>
  JSON.parse(JSON.stringify(s).replace(/\b(one|two)\b/g, (name) => (name === "one" ? "two" : "one"))) as S;
