/** Whom a telephone's display is to name: connected identity (RFC 4916), as one function of the state (AG-2). Pure. */
import type { AgentId, LegId, QueueId } from "@legwork/shared/ids";
import type { InteractionState, PartySeat, Stage } from "./interaction-state.js";
import { activeLeg } from "./leg-plan.js";
import { consultQueue } from "./phases/steps.js";

/** A display name and the user of a SIP URI. */
export interface Party {
  readonly name: string;
  readonly number: string;
}

export interface PartyNames {
  readonly customer: Party;
  agent(agent: AgentId): Party;
  queue(queue: QueueId): Party;
}

type Live = Exclude<InteractionState, { phase: "ended" }>;

/** For each leg of an agent who talks, or has somebody on hold. Who rings or is called hears it from the INVITE. */
export function connectedParties(s: InteractionState, names: PartyNames): ReadonlyMap<LegId, Party> {
  const parties = new Map<LegId, Party>();
  if (s.phase === "ended") return parties;
  const customer = { ...names.customer, name: names.customer.name || names.customer.number };
  const put = (seat: PartySeat, party: Party): void => {
    if ("agent" in seat) parties.set(seat.wire.leg, party);
  };
  const partyOf = (seat: PartySeat): Party =>
    "agent" in seat
      ? names.agent(seat.agent)
      : { name: seat.outside.name ?? seat.outside.number, number: seat.outside.number };
  switch (s.phase) {
    case "connected":
      put(s.owner, s.hold.kind === "in-force" ? customerOnHold(customer) : customer);
      break;
    case "consulting":
      return consulting(s, s.stage, customer, partyOf, names);
    case "asking":
      return consulting(s, { kind: "answered", talk: s.talk }, customer, partyOf, names);
    case "transferring":
      put(s.consult.consulted, customer);
      break;
    case "conference": {
      const { consulted, line } = s.consult;
      const all = conference(customer, partyOf(consulted));
      put(s.owner, all);
      if (line) parties.set(line.leg, all);
      put(consulted, conference(customer, partyOf(s.owner)));
      break;
    }
    default:
      break;
  }
  return parties;
}

function consulting(
  s: Extract<Live, { phase: "consulting" | "asking" }>,
  stage: Stage,
  customer: Party,
  partyOf: (seat: PartySeat) => Party,
  names: PartyNames,
): ReadonlyMap<LegId, Party> {
  const { consulted, line, target } = s.consult;
  const active = stage.kind !== "answered" ? "consult" : stage.talk.held ? "none" : stage.talk.side;
  const withCustomer = active === "customer" ? customer : customerOnHold(customer);
  const queue = consultQueue(target);
  const other = consulted ? partyOf(consulted) : queue ? names.queue(queue) : null;
  const parties = new Map<LegId, Party>();
  if (line || active !== "consult" || stage.kind === "holding" || !other) parties.set(s.owner.wire.leg, withCustomer);
  else parties.set(s.owner.wire.leg, other);
  if (stage.kind !== "answered" || !other) return parties;
  // A line that still holds its own side leaves it to the other one.
  const carrier = activeLeg(s, s.owner.seat);
  if (line) parties.set(line.leg, active === "consult" ? other : onHold(other));
  if (line && active !== "none" && carrier) parties.set(carrier, active === "consult" ? other : customer);
  if (consulted && "agent" in consulted) {
    const owner = partyOf(s.owner);
    parties.set(consulted.wire.leg, active === "consult" ? owner : onHold(owner));
  }
  return parties;
}

const customerOnHold = (customer: Party): Party => ({ ...customer, name: `Customer on hold: ${customer.name}` });
const onHold = (party: Party): Party => ({ ...party, name: `On hold: ${party.name}` });
const conference = (customer: Party, other: Party): Party => ({
  name: `Conference: ${customer.name}, ${other.name}`,
  number: customer.number,
});
