import type { HistoryEntry, HistoryParty, InteractionList } from "@legwork/shared/api";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { CallParty, CallPart, ReasonRecord, WrapUpRecord } from "@legwork/shared/store";

/** An interaction as its first event tells of it. */
export function beginningOf(event: InteractionEvent): Omit<InteractionList["interactions"][number], "id"> {
  const began = iso(event.at);
  if (event.type === "callArrived")
    return { began, direction: "in", customer: { name: event.name, number: event.number } };
  const { name, number } = event.type === "callPlaced" ? event.outside : { name: null, number: "" };
  return { began, direction: "out", customer: { name: name ?? "", number } };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Parts that have ended, newest first, as the agent is shown them; with all the agent's parts in these calls, newest first, which may be on
 * another page, and the agent's own wrap-ups of these calls, oldest first.
 */
export function historyEntries(
  parts: readonly CallPart[],
  inTheseCalls: readonly CallPart[],
  wrapUps: readonly WrapUpRecord[],
  reasons: readonly ReasonRecord[],
): HistoryEntry[] {
  return parts.flatMap((part) => {
    if (!part.end) return [];
    const ofThisCall = inTheseCalls.filter(({ call }) => call === part.call);
    const later = ofThisCall[ofThisCall.findIndex(({ id }) => id === part.id) - 1]; // the newest has none
    const { end } = part;
    return {
      id: part.id,
      call: part.call,
      direction: part.direction,
      role: part.role,
      other: party(part.other),
      about: part.about && party(part.about),
      from: part.from && party(part.from),
      queue: part.queue,
      entryPoint: part.entryPoint,
      began: iso(part.began),
      answered: part.answered === null ? null : iso(part.answered),
      ended: iso(end.at),
      outcome: end.outcome,
      transferredTo: end.transferredTo && party(end.transferredTo),
      consults: part.consults.map(({ with: other, kind, began, answered, ended, conference }) => ({
        with: party(other),
        kind,
        began: iso(began),
        answered: answered === null ? null : iso(answered),
        ended: iso(ended ?? end.at),
        conference,
      })),
      wrapUp: part.role === "owner" && part.answered !== null ? wrapUp(part, later, wrapUps, reasons) : null,
    };
  });
}

const party = ({ agent, label, number }: CallParty): HistoryParty => ({
  label,
  callBack: agent ? { kind: "agent", agent } : number === null ? null : { kind: "number", number },
});

/** WU-2: the one that was open last before the agent's next part in the same call began. */
function wrapUp(
  part: CallPart,
  later: CallPart | undefined,
  wrapUps: readonly WrapUpRecord[],
  reasons: readonly ReasonRecord[],
): HistoryEntry["wrapUp"] {
  const own = wrapUps.filter((w) => w.interaction === part.call && w.openedAt < (later?.began ?? Infinity)).at(-1);
  if (!own?.submitted) return null;
  const { by, note, reason } = own.submitted;
  const { label, labelNb } = reasons.find(({ id }) => id === reason) ?? { label: reason, labelNb: reason };
  return { reason, label, labelNb, note, by };
}
