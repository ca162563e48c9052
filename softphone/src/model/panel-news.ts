import type { Desktop, InteractionView } from "@legwork/shared/api";
import type { CallPanelNews, CallPanelState } from "@legwork/shared/call-panel";

/** What a host of the panel is told of a change of its state. Notices come from the server and are not in it. */
export function newsBetween(before: CallPanelState, after: CallPanelState): CallPanelNews[] {
  return [
    ...signIn(before.desktop, after.desktop),
    ...connection(before, after),
    ...agentState(before.desktop, after.desktop),
    ...(after.desktop ? call(before.desktop?.interaction ?? null, after.desktop.interaction) : []), // without a session it goes on
    ...wrapUps(before.desktop, after.desktop),
  ];
}

function signIn(before: Desktop | null, after: Desktop | null): CallPanelNews[] {
  if (before || !after) return [];
  const { id, name, role } = after.agent;
  return [{ type: "signed-in", event: { agent: { id, name, role } } }];
}

function connection({ connection: before }: CallPanelState, { connection: after }: CallPanelState): CallPanelNews[] {
  const what = ({ kind, ...rest }: typeof before) => ("what" in rest ? `${kind} ${rest.what}` : kind);
  if (what(before) === what(after)) return [];
  return [{ type: "connection-changed", event: { connection: after, before } }];
}

function agentState(before: Desktop | null, after: Desktop | null): CallPanelNews[] {
  if (!after) return [];
  const { state } = after.agent;
  const last = before?.agent.state ?? null;
  const reason = (each: typeof last) => (each?.kind === "idle" ? each.reason : undefined);
  if (state.kind === last?.kind && reason(state) === reason(last)) return [];
  return [{ type: "agent-state-changed", event: { state, before: last } }];
}

function call(before: InteractionView | null, after: InteractionView | null): CallPanelNews[] {
  const ended: CallPanelNews[] =
    before && before.id !== after?.id ? [{ type: "call-ended", event: { call: before } }] : [];
  if (!after) return ended;
  if (before?.id !== after.id) {
    return [...ended, { type: after.role === "offered" ? "call-offered" : "call-started", event: { call: after } }];
  }
  if (before.role === "offered" && after.role !== "offered") return [{ type: "call-started", event: { call: after } }];
  if (situation(before) === situation(after)) return [];
  return [{ type: "call-changed", event: { call: after, before } }];
}

/** What of a call a host hears of; who hears whom, and since when, is in the state. */
const situation = ({ phase, role, consult }: InteractionView): string =>
  [phase, role, consult?.stage, consult?.active].join(" ");

function wrapUps(before: Desktop | null, after: Desktop | null): CallPanelNews[] {
  const only = (these: Desktop | null, those: Desktop | null) =>
    (these?.wrapUps ?? []).filter(({ id }) => !those?.wrapUps.some((each) => each.id === id));
  // A desktop that is gone closes no wrap-up: it is open where the agent signs in next.
  const closed = after ? only(before, after) : [];
  return [
    ...only(after, before).map((wrapUp) => ({ type: "wrap-up-opened", event: { wrapUp } }) as const),
    ...closed.map((wrapUp) => ({ type: "wrap-up-closed", event: { wrapUp } }) as const),
  ];
}
