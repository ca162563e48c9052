import type {
  agentList,
  Command,
  Desktop,
  dialNumberList,
  entryPointList,
  ErrorCode,
  expertList,
  NumberCheck,
  queueList,
  StateRequest,
  Target,
} from "@legwork/shared/api";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import type { z } from "zod";
import { desktopAgentState } from "../domain/desktop-agent.js";
import type { Clock } from "../ports/clock.js";
import type { Ids } from "../ports/ids.js";
import type { Agents } from "./agents.js";
import type { Desktops } from "./desktops.js";
import type { Destinations } from "./destinations.js";
import type { Experts } from "./experts.js";
import type { Interactions } from "./interactions.js";
import type { InternalCalls } from "./internal-calls.js";
import type { Queues } from "./queues.js";
import type { Stations } from "./stations.js";
import type { Wanted } from "./wanted.js";
import type { WrapUps } from "./wrap-ups.js";

export interface DeskDeps {
  readonly agents: Agents;
  readonly destinations: Destinations;
  readonly experts: Experts;
  readonly queues: Queues;
  readonly interactions: Interactions;
  readonly wrapUps: WrapUps;
  readonly desktops: Desktops;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly stations: Stations;
  readonly internal: InternalCalls;
  readonly idleReasons: readonly string[];
  /** Asks the demo customer to call; null when the site has none. */
  readonly demoCall: (() => Promise<boolean>) | null;
}

/** What a signed-in agent can do. A refusal is a code; null is success. */
export class Desk {
  constructor(private readonly deps: DeskDeps) {}

  desktop(agent: AgentId): Desktop {
    return this.deps.desktops.of(agent);
  }

  /** DF-3: everybody else, in every state. */
  colleagues(agent: AgentId): z.infer<typeof agentList> {
    const { agents, clock } = this.deps;
    return {
      agents: agents
        .all()
        .filter(({ record }) => record.id !== agent)
        .map(({ record, state }) => ({
          id: record.id,
          name: record.name,
          state: desktopAgentState(state),
          reachable: agents.mayBeCalled(record.id, "consult"),
        })),
      asOf: new Date(clock.now()).toISOString(),
    };
  }

  queues(): z.infer<typeof queueList> {
    const { agents, clock, queues } = this.deps;
    return {
      queues: queues.all().map(({ record, waiting }) => ({
        id: record.id,
        name: record.name,
        waiting,
        free: agents.free(record.agents).length,
      })),
      asOf: new Date(clock.now()).toISOString(),
    };
  }

  experts(search: string): z.infer<typeof expertList> {
    const experts = this.deps.experts.search(search);
    return { experts: [...experts], asOf: new Date(this.deps.clock.now()).toISOString() };
  }

  dialNumbers(): z.infer<typeof dialNumberList> {
    const numbers = this.deps.destinations.dialNumbers();
    return { numbers: [...numbers], asOf: new Date(this.deps.clock.now()).toISOString() };
  }

  checkNumber(typed: string): NumberCheck {
    return this.deps.destinations.check(typed);
  }

  entryPoints(): z.infer<typeof entryPointList> {
    const { clock, destinations, queues } = this.deps;
    return {
      entryPoints: destinations.allEntryPoints().map(({ id, name, number, queue }) => ({
        id,
        name,
        number,
        queue: queues.nameOf(queue),
      })),
      asOf: new Date(clock.now()).toISOString(),
    };
  }

  choose(agent: AgentId, choice: StateRequest): ErrorCode | null {
    const { agents, idleReasons } = this.deps;
    if (choice.state === "idle") {
      if (!idleReasons.includes(choice.reason)) return "bad-request";
      return agents.choose(agent, { kind: "idle", reason: choice.reason }) ? null : "in-a-call";
    }
    if (!agents.get(agent)?.reachable) return "no-station"; // an Available agent must be able to take a call
    return agents.choose(agent, { kind: "available" }) ? null : "in-a-call";
  }

  /** Resolves when it is in force, or refused. The rules are the interaction's, whatever client asks (CO-11). */
  async command(agent: AgentId, interaction: string, command: Command): Promise<ErrorCode | null> {
    const { destinations, interactions, internal } = this.deps;
    const id = brand<InteractionId>(interaction);
    if (internal.has(id)) return internal.command(agent, id, command);
    if (!interactions.state(id)) return "not-found";
    const part = interactions.of(agent);
    if (part?.interaction !== id) return "not-yours";
    if (command.type === "dtmf") {
      interactions.digitsOf(id, part.seat, command.digits);
      return null;
    }
    return new Promise((resolve) => {
      const asker = { accepted: () => resolve(null), refused: (why: ErrorCode) => resolve(why) };
      if (command.type !== "consult" && command.type !== "blind-transfer") {
        return interactions.ask(id, part.seat, askedBy(command), asker);
      }
      const destination = destinations.chosen(command.target);
      if (!destination.ok) return resolve(destination.why);
      const { target } = destination;
      const wanted: Wanted =
        command.type === "consult"
          ? { type: "consultRequested", target, line: null }
          : { type: "blindTransferRequested", target, referral: null };
      interactions.ask(id, part.seat, wanted, asker);
    });
  }

  /** OB-1, IN-1: the agent's desk phone is called first. A browser sends an INVITE of its own instead. */
  placeCall(agent: AgentId, chosen: Target): ErrorCode | null {
    const { agents, destinations, ids, interactions, internal, stations } = this.deps;
    if (stations.kindOf(agent) === "browser") return "bad-request";
    if (agents.inACall(agent)) return "in-a-call";
    const destination = destinations.chosen(chosen);
    if (!destination.ok) return destination.why;
    const { target } = destination;
    const [interaction, station] = [ids.interaction(), ids.leg()];
    switch (target.kind) {
      case "outside": {
        const { digits, outside } = target;
        return interactions.place({ interaction, agent, station, invited: false, outside, digits });
      }
      case "agent": {
        const [caller, callee] = [stations.callerAt(stations.userOf(agent)), stations.calleeOf(target.agent)];
        return internal.place({ id: interaction, leg: station, invited: false, caller, callee });
      }
      default:
        return "target-not-reachable";
    }
  }

  async submitWrapUp(agent: AgentId, id: string, reason: string, note: string): Promise<ErrorCode | null> {
    return this.deps.wrapUps.submit(agent, brand(id), reason, note);
  }

  async draftWrapUp(agent: AgentId, id: string, reason: string, note: string): Promise<ErrorCode | null> {
    return this.deps.wrapUps.draft(agent, brand(id), reason, note);
  }

  cancelAutoWrapUp(agent: AgentId, id: string): ErrorCode | null {
    return this.deps.wrapUps.cancelAuto(agent, brand(id));
  }

  async demoCall(): Promise<ErrorCode | null> {
    if (!this.deps.demoCall) return "not-found";
    return (await this.deps.demoCall()) ? null : "unavailable";
  }
}

function askedBy(command: Exclude<Command, { type: "consult" | "blind-transfer" | "dtmf" }>): Wanted {
  switch (command.type) {
    case "hold":
      return { type: "holdRequested" };
    case "unhold":
      return { type: "unholdRequested" };
    case "resume":
      return { type: "resumeRequested" };
    case "transfer":
      return { type: "transferRequested", referral: null };
    case "accept-transfer":
      return { type: "transferAccepted" };
    case "decline-transfer":
      return { type: "transferDeclined" };
    case "conference":
      return { type: "conferenceRequested", referral: null };
    case "end-consult":
      return { type: "endConsultRequested" };
    case "back-to-customer":
      return { type: "backToCustomerRequested" };
    case "leave":
      return { type: "leaveRequested" };
    case "end":
      return { type: "endRequested" };
  }
}
