import type { ErrorCode } from "@legwork/shared/api";
import type { AgentId, LegId } from "@legwork/shared/ids";
import type { Asked } from "@legwork/shared/interaction";
import type { InteractionState } from "../domain/interaction-state.js";
import type { Ids } from "../ports/ids.js";
import type { Agents } from "./agents.js";
import type { LiveInteraction } from "./live-interaction.js";
import type { OutboundCalls } from "./outbound-calls.js";

/** Something a person asks for, without what the server knows better: ids of its own, and what the consulted party sits at. */
export type Wanted = WithoutOurs<Asked>;
type WithoutOurs<T> = T extends { type: "consultRequested" | "blindTransferRequested" }
  ? Omit<T, "seat" | "leg">
  : T extends { type: "transferRequested" }
    ? Omit<T, "askable">
    : T extends { type: "conferenceRequested" }
      ? Omit<T, "focus"> & { readonly focus?: LegId }
      : T;

export interface WantedDeps {
  readonly ids: Ids;
  readonly agents: Agents;
  readonly outbound: OutboundCalls;
  /** CO-5: what an agent sits at. */
  stationOf(agent: AgentId): "browser" | "extension";
}

/** Why whom an owner wants to call cannot be called: known beforehand, so that nobody is put on hold for nothing (AG-3). */
export function unreachable(
  wanted: Wanted,
  owner: AgentId,
  customer: LiveInteraction["customer"],
  { agents, outbound }: WantedDeps,
): ErrorCode | null {
  if (wanted.type !== "consultRequested" && wanted.type !== "blindTransferRequested") return null;
  const { target } = wanted;
  switch (target.kind) {
    case "agent": {
      // DF-3: a blind transfer goes to Available agents only.
      const by = wanted.type === "consultRequested" ? "consult" : "queue";
      return agents.mayBeCalled(target.agent, by) ? null : "target-not-reachable";
    }
    case "outside":
      return outbound.check({ agent: owner, number: target.outside.number, customer });
    default:
      return null;
  }
}

/** What was asked, with what the server knows better. */
export function completed(wanted: Wanted, state: InteractionState, { ids, stationOf }: WantedDeps): Asked {
  switch (wanted.type) {
    case "consultRequested":
    case "blindTransferRequested":
      return { ...wanted, seat: ids.seat(), leg: ids.leg() };
    case "transferRequested": {
      const consulted = "consult" in state ? state.consult.consulted : null;
      const askable = consulted !== null && "agent" in consulted && stationOf(consulted.agent) === "browser";
      return { ...wanted, askable };
    }
    case "conferenceRequested":
      return { focus: null, ...wanted };
    default:
      return wanted;
  }
}

/** The legs that a request brings. */
export function legsOf(asked: Asked): readonly LegId[] {
  switch (asked.type) {
    case "consultRequested":
      return asked.line ? [asked.leg, asked.line] : [asked.leg];
    case "blindTransferRequested":
    case "handOffRequested":
      return [asked.leg];
    case "conferenceRequested":
      return asked.focus ? [asked.focus] : [];
    default:
      return [];
  }
}
