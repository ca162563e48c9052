import type { InteractionEvent } from "@legwork/shared/interaction";
import type { InteractionState, Step, Undo } from "../interaction-state.js";
import { markWire, wireOf } from "./steps.js";

type Live = Exclude<InteractionState, { phase: "ended" }>;

/** A switch is heard, or the media could not be switched: then all is as it was before it was asked for. The same in every phase. */
export function withUndo(s: Live, e: InteractionEvent, phase: (s: Live) => Step): Step {
  if (!s.undo || (e.type !== "mediaInForce" && e.type !== "mediaFailed")) return phase(s);
  const { undo, ...heard } = s;
  return phase(e.type === "mediaFailed" ? putBack(heard, undo) : heard);
}

function putBack(s: Live, { leg, was }: Undo): Live {
  const wire = leg && wireOf(s, leg);
  const back = wire ? markWire(s, wire.leg, { held: !wire.held }) : s;
  // Whatever follows an un-hold, a hold or a consult, has an undo of its own, or none.
  if (was === "hold") return back.phase === "connected" ? { ...back, hold: { kind: "in-force" } } : back;
  return was && back.phase === "consulting" && back.stage.kind === "answered"
    ? { ...back, stage: { kind: "answered", talk: was } }
    : back;
}
