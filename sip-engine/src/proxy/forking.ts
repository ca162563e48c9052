import { parseUri, sameUri } from "../sip/uri.js";
import type { Step } from "../transaction/machine.js";
import { stay } from "../transaction/machine.js";

/** One attempt of a proxied request at one target. */
export interface Branch {
  readonly id: number;
  readonly target: string;
  readonly phase: "calling" | "proceeding" | "finished";
  /** Final status, or the one a failure stands for (408, 503); null while open. */
  readonly status: number | null;
  /** `owed` while a CANCEL has to wait for a provisional response (RFC 3261 9.1). */
  readonly cancel: "none" | "owed" | "sent";
}

/** How many targets redirections may add to those of the app. */
export const MOST_REDIRECTED = 30;

/** How a proxied request spreads over its targets (RFC 3261 16.6, 16.7). */
export interface ForkState {
  readonly phase: "searching" | "won" | "cancelled" | "done";
  readonly simultaneous: boolean;
  readonly followRedirects: boolean;
  readonly targetUnavailable: 500 | 503;
  /** How many more targets redirections may add. */
  readonly redirectsLeft: number;
  readonly waiting: readonly string[];
  readonly branches: readonly Branch[];
}

export type ForkEvent =
  | { readonly type: "provisionalReceived"; readonly branch: number; readonly status: number }
  | {
      readonly type: "finalReceived";
      readonly branch: number;
      readonly status: number;
      /** Contacts of a redirection, in order of preference. */
      readonly contacts: readonly string[];
    }
  /** No answer: `status` is what the failure counts as. */
  | { readonly type: "branchFailed"; readonly branch: number; readonly status: number }
  /** The target has not given a sign of life in the time the app allows. */
  | { readonly type: "patienceEnded"; readonly branch: number }
  | { readonly type: "cancelReceived" };

export type ForkAction =
  | { readonly type: "try"; readonly branch: number; readonly target: string }
  /** Pass the response just received upstream. */
  | { readonly type: "forward"; readonly branch: number }
  /** Pass on the final response kept from this branch. */
  | { readonly type: "forwardBest"; readonly branch: number }
  /** Answer upstream ourselves. */
  | { readonly type: "answer"; readonly status: number }
  | { readonly type: "cancel"; readonly branch: number }
  /** Tell the app about a branch's final response. */
  | { readonly type: "report"; readonly branch: number }
  | { readonly type: "finish" };

type ForkStep = Step<ForkState, ForkAction>;

export interface ForkPlan {
  readonly targets: readonly string[];
  readonly simultaneous: boolean;
  readonly followRedirects: boolean;
  /** What a 503 of a target becomes on its way upstream; 16.7 step 6: 500, for it says nothing about other targets. */
  readonly targetUnavailable: 500 | 503;
}

export function startForking(plan: ForkPlan): ForkStep {
  const empty: ForkState = {
    phase: "searching",
    simultaneous: plan.simultaneous,
    followRedirects: plan.followRedirects,
    targetUnavailable: plan.targetUnavailable,
    redirectsLeft: MOST_REDIRECTED,
    waiting: plan.targets,
    branches: [],
  };
  return tryNext(empty, []);
}

export function stepForking(state: ForkState, event: ForkEvent): ForkStep {
  switch (event.type) {
    case "provisionalReceived":
      return provisional(state, event.branch, event.status);
    case "finalReceived":
      return finalReceived(state, event);
    case "branchFailed":
    case "patienceEnded":
      return failed(state, event);
    case "cancelReceived": {
      if (state.phase !== "searching") return stay(state);
      const stopped = cancelOpen({ ...state, phase: "cancelled", waiting: [] }, null);
      return finishIfIdle(stopped.state, stopped.actions);
    }
  }
}

function provisional(state: ForkState, id: number, status: number): ForkStep {
  const branch = find(state, id);
  if (branch === undefined) return stay(state);
  const owed = branch.cancel === "owed";
  const phase = branch.phase === "calling" ? "proceeding" : branch.phase;
  const next = replace(state, { ...branch, phase, cancel: owed ? "sent" : branch.cancel });
  const cancel: ForkAction[] = owed ? [{ type: "cancel", branch: id }] : [];
  const alive = phase === "proceeding" && status > 100 && state.phase === "searching";
  return { state: next, actions: alive ? [...cancel, { type: "forward", branch: id }] : cancel };
}

function finalReceived(state: ForkState, event: Extract<ForkEvent, { type: "finalReceived" }>): ForkStep {
  const branch = find(state, event.branch);
  if (branch === undefined) return stay(state);
  const accepted = event.status >= 200 && event.status < 300;
  // 16.7: every 2xx is passed on, retransmissions and late winners included.
  const givenUp = state.phase === "searching" && branch.cancel !== "none";
  if (branch.phase === "finished" && !(accepted && givenUp))
    return accepted ? { state, actions: [{ type: "forward", branch: branch.id }] } : stay(state);
  const ended = replace(state, { ...branch, phase: "finished", status: event.status });
  const report: ForkAction = { type: "report", branch: branch.id };
  if (accepted) return won(ended, branch.id, report);
  if (state.phase !== "searching") return finishIfIdle(ended, [report]);
  if (event.status < 400 && state.followRedirects) return tryNext(redirected(ended, event.contacts), [report]);
  // 16.7 step 5: a 6xx ends the search; a challenge is passed on so that the caller can answer it.
  const conclusive = event.status >= 600 || event.status === 401 || event.status === 407;
  if (!conclusive) return tryNext(ended, [report]);
  const stopped = cancelOpen({ ...ended, waiting: [] }, branch.id);
  return conclude(stopped.state, [report, ...stopped.actions]);
}

/** 16.5: a URI is added to the target set once, so that no redirection leads back. */
function redirected(state: ForkState, contacts: readonly string[]): ForkState {
  const known = [...state.branches.map(({ target }) => target), ...state.waiting];
  const added: string[] = [];
  for (const contact of contacts) {
    if (added.length >= state.redirectsLeft) break;
    if (![...known, ...added].some((target) => isSame(target, contact))) added.push(contact);
  }
  return { ...state, redirectsLeft: state.redirectsLeft - added.length, waiting: [...added, ...state.waiting] };
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [parseUri(a), parseUri(b)];
  return one === null || other === null ? a === b : sameUri(one, other);
}

/** True while nobody has answered or cancelled and this branch is still one of those that may. */
export function isWanted(state: ForkState, id: number): boolean {
  const branch = find(state, id);
  return state.phase === "searching" && branch?.phase !== "finished" && branch?.cancel === "none";
}

function won(state: ForkState, id: number, report: ForkAction): ForkStep {
  const late = state.phase === "won" || state.phase === "done";
  const stopped = cancelOpen({ ...state, phase: late ? state.phase : "won", waiting: [] }, id);
  return finishIfIdle(stopped.state, [{ type: "forward", branch: id }, report, ...stopped.actions]);
}

function failed(state: ForkState, event: Extract<ForkEvent, { type: "branchFailed" | "patienceEnded" }>): ForkStep {
  const branch = find(state, event.branch);
  if (branch === undefined || branch.phase === "finished") return stay(state);
  if (event.type === "patienceEnded") {
    const answering = branch.phase === "proceeding";
    const cancel = answering ? "sent" : "owed";
    const next = replace(state, { ...branch, phase: "finished", status: 408, cancel });
    return tryNext(next, answering ? [{ type: "cancel", branch: branch.id }] : []);
  }
  const ended = replace(state, { ...branch, phase: "finished", status: event.status });
  return state.phase === "searching" ? tryNext(ended, []) : finishIfIdle(ended, []);
}

/** Starts what is to be tried next: all targets, or the first when none is open; with nothing left, concludes. */
function tryNext(state: ForkState, before: readonly ForkAction[]): ForkStep {
  if (state.phase !== "searching") return finishIfIdle(state, before);
  const open = state.branches.some((branch) => branch.phase !== "finished");
  const now = state.simultaneous ? state.waiting : open ? [] : state.waiting.slice(0, 1);
  const first = state.branches.length;
  const started = now.map((target, index): Branch => {
    return { id: first + index, target, phase: "calling", status: null, cancel: "none" };
  });
  const next = {
    ...state,
    waiting: state.waiting.slice(now.length),
    branches: [...state.branches, ...started],
  };
  const tries = started.map(({ id, target }): ForkAction => ({ type: "try", branch: id, target }));
  if (started.length === 0 && !open) return conclude(next, before);
  return { state: next, actions: [...before, ...tries] };
}

/** 16.7 step 6: nothing better can come, so the best response so far goes upstream. */
function conclude(state: ForkState, before: readonly ForkAction[]): ForkStep {
  const best = bestOf(state.branches);
  const verdict: ForkAction =
    best === null || best.status === 408
      ? { type: "answer", status: 408 }
      : best.status === 503 && state.targetUnavailable === 500
        ? { type: "answer", status: 500 }
        : { type: "forwardBest", branch: best.id };
  return finishIfIdle({ ...state, phase: "won" }, [...before, verdict]);
}

/** The choice of 16.7 step 6: 6xx, then challenges and what the caller can mend, then 4xx, then 5xx, then 3xx. */
export function bestOf(branches: readonly Branch[]): (Branch & { readonly status: number }) | null {
  let best: (Branch & { readonly status: number }) | null = null;
  for (const branch of branches) {
    const { status } = branch;
    if (status === null || status < 300) continue;
    if (best === null || rank(status) < rank(best.status)) best = { ...branch, status };
  }
  return best;
}

function rank(status: number): number {
  if (status >= 600) return 0;
  if ([401, 407, 415, 420, 484].includes(status)) return 1;
  if (status === 408) return 5;
  if (status < 400) return 2;
  return status < 500 ? 3 : 4;
}

function cancelOpen(state: ForkState, except: number | null): { state: ForkState; actions: readonly ForkAction[] } {
  const actions: ForkAction[] = [];
  const branches = state.branches.map((branch) => {
    if (branch.phase === "finished" || branch.cancel !== "none" || branch.id === except) return branch;
    if (branch.phase === "calling") return { ...branch, cancel: "owed" as const };
    actions.push({ type: "cancel", branch: branch.id });
    return { ...branch, cancel: "sent" as const };
  });
  return { state: { ...state, branches }, actions };
}

function finishIfIdle(state: ForkState, before: readonly ForkAction[]): ForkStep {
  if (state.phase === "done" || state.branches.some((branch) => branch.phase !== "finished")) {
    return { state, actions: before };
  }
  return { state: { ...state, phase: "done" }, actions: [...before, { type: "finish" }] };
}

function find(state: ForkState, id: number): Branch | undefined {
  return state.branches[id];
}

function replace(state: ForkState, branch: Branch): ForkState {
  return { ...state, branches: state.branches.map((one) => (one.id === branch.id ? branch : one)) };
}
