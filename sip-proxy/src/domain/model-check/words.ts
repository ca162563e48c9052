import type { InteractionState, Talk } from "../interaction-state.js";
import { agentOf, consultedOf } from "./facts.js";

/** A state in a few words. */
export function inWords(s: InteractionState): string {
  switch (s.phase) {
    case "waiting":
      return `waiting in ${s.queue}`;
    case "offered":
      return `offered to ${s.offer.agent}`;
    case "dialling":
      return `dialling by ${s.caller.agent}, calling the ${s.calling}`;
    case "connected":
      return connected(s.owner, s.hold.kind);
    case "consulting":
      return consulting(s, s.stage.kind === "answered" ? talking(s.stage.talk) : s.stage.kind);
    case "transferring":
      return `${inPhase(s)}${s.heard ? ", heard" : ""}${s.asked ? ", asked" : ""} from ${talking(s.talk)}`;
    case "asking":
    case "joining":
      return `${inPhase(s)} from ${talking(s.talk)}`;
    case "conference":
      return inPhase(s);
    case "blind-transferring":
      return `blind-transferring from ${s.from?.agent ?? "nobody"} to ${name(s.callee)}`;
    default:
      return s.phase;
  }
}

type Party = ReturnType<typeof consultedOf>;
export const name = (p: Party): string => (p === null ? "nobody" : (agentOf(p) ?? "outside"));
export const connected = (owner: Party, hold: string): string => `connected with ${name(owner)}, hold ${hold}`;
/** CO-3: with whom, or with whom it was before both were put on hold. */
export const talking = ({ side, held }: Talk): string => (held ? `none, before that ${side}` : side);
export const consulting = (s: InteractionState, how: string, whom: Party = consultedOf(s)): string =>
  "owner" in s ? `consulting by ${s.owner.agent} with ${name(whom)}: ${how}` : "";
export const inPhase = (s: InteractionState, phase: string = s.phase): string =>
  "owner" in s ? `${phase} by ${s.owner.agent} with ${name(consultedOf(s))}` : phase;
export const taken = (p: Party): string => (agentOf(p) === null ? "unowned" : connected(p, "none"));
