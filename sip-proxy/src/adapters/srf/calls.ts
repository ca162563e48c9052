import type { ErrorCode } from "@legwork/shared/api";
import type { AgentId } from "@legwork/shared/ids";
import type { ConsultTarget } from "@legwork/shared/interaction";
import type { Agents } from "../../app/agents.js";
import type { Destinations } from "../../app/destinations.js";
import type { Interactions } from "../../app/interactions.js";
import type { InternalCalls } from "../../app/internal-calls.js";
import type { Stations } from "../../app/stations.js";
import { loggedNumber } from "../../domain/logged-number.js";
import { shownText } from "../../domain/shown-text.js";
import { comesFrom, type Trunk } from "../../domain/trunk-schema.js";
import { userOf } from "../../domain/sip-uri.js";
import type { Clock } from "../../ports/clock.js";
import type { Ids } from "../../ports/ids.js";
import type { Log } from "../../ports/log.js";
import type { Media } from "../../ports/media.js";
import type { Metrics } from "../../ports/metrics.js";
import type { Authenticator } from "./authenticator.js";
import { CallsInProgress } from "./calls-in-progress.js";
import { refuse } from "./refuse.js";
import { openMedia, transportOf } from "./invite-media.js";
import type { NewLeg } from "./leg-context.js";
import { Screen } from "./screen.js";
import type { SipLegs } from "./sip-legs.js";
import { callerOf, guarded, type Handler, type SrfRequest, type SrfResponse } from "./srf-api.js";

export interface CallsDeps {
  readonly clock: Clock;
  readonly media: Media;
  readonly legs: SipLegs;
  readonly interactions: Interactions;
  readonly agents: Agents;
  readonly auth: Authenticator;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Pick<Metrics, "sipRefused">;
  readonly domain: string;
  readonly trunks: readonly Trunk[];
  isWebSocket(req: SrfRequest): boolean;
  readonly destinations: Destinations;
  readonly stations: Stations;
  readonly internal: InternalCalls;
}

/** New INVITEs: a customer from a trunk, or an agent who consults or calls. Everyone else is sent away (TK-1). */
export class Calls {
  readonly #screen: Screen;
  readonly #inProgress: CallsInProgress;

  constructor(private readonly deps: CallsDeps) {
    this.#screen = new Screen(deps.clock);
    this.#inProgress = new CallsInProgress(deps);
  }

  readonly handle: Handler = guarded(
    (req, res) => this.#route(req, res),
    (error) => this.deps.log.error({ error }, "a call could not be handled"),
  );

  async #route(req: SrfRequest, res: SrfResponse): Promise<void> {
    const { agents, auth, log, metrics, trunks } = this.deps;
    if (this.#screen.stops(req, res)) return;
    const caller = callerOf(req);
    if (!caller) return res.send(400, "Bad From Header");
    const { source_address: address, source_port: port } = req;
    const protocol = this.deps.isWebSocket(req) ? "ws" : req.protocol;
    const near = trunks.filter((trunk) => comesFrom(trunk, { protocol, address, port: Number(port) }));
    const known = near.find((trunk) => !trunk.inbound?.credentials);
    if (known) return this.#fromTrunk(known, caller, req, res);
    // TK-1: 401 for a known extension or where a trunk has to authenticate itself, 403 for a stranger.
    if (near.length === 0 && !agents.find(caller.user)) {
      log.warn({ caller: loggedNumber(caller.user), from: `${address}:${port}` }, "a call from nowhere was refused");
      metrics.sipRefused("INVITE", "not-allowed");
      return res.send(403);
    }
    const account = auth.check(req, res);
    if (!account) return;
    if (account.kind === "station") return this.#fromStation(account.user, req, res);
    // Its password, from where it is: another trunk's, or one that was stolen, opens nothing.
    const trunk = near.find((t) => t.inbound?.credentials?.username === account.user);
    if (trunk) return this.#fromTrunk(trunk, caller, req, res);
    auth.refuse(req, res, account);
  }

  async #fromTrunk(
    trunk: Trunk,
    caller: { user: string; name: string },
    req: SrfRequest,
    res: SrfResponse,
  ): Promise<void> {
    const { destinations, ids, interactions, legs, log } = this.deps;
    // A call can be moved by who has an end of it only, and no trunk has (SG-3).
    if (req.has("Replaces")) return refuse(res, "not-yours", this.deps, { trunk: trunk.name });
    const number = userOf(req.uri);
    const entryPoint = destinations.entryPointOf(number);
    if (!entryPoint) {
      log.debug({ number }, "no entry point has this number");
      return refuse(res, "not-found", this.deps, { trunk: trunk.name });
    }
    const at = { transport: "rtp", account: null, initiator: true } as const;
    const leg: NewLeg = { id: ids.leg(), interaction: ids.interaction(), ...at };
    const answer = await openMedia(this.deps, leg, { req, res });
    if (answer === null) return;
    legs.invited(leg, { req, res, answer });
    const { name, user } = caller;
    const shown = { name, number: shownText(user) };
    interactions.arrive({ interaction: leg.interaction, leg: leg.id, ...shown, entryPoint, caller: null });
  }

  /**
   * SG-1: an agent's INVITE while a call is up is a consult, otherwise a call of their own (OB-1, IN-1). A telephone nobody is signed in at may
   * call inside the house only.
   */
  async #fromStation(user: string, req: SrfRequest, res: SrfResponse): Promise<void> {
    const { destinations, ids, interactions, legs, log, stations } = this.deps;
    const no = (why: ErrorCode): void => refuse(res, why, this.deps, { user });
    const agent = stations.signedInAt(user);
    if (this.#inProgress.isAbout(req)) return this.#inProgress.handle({ user, agent }, req, res);
    const destination = destinations.dialled(userOf(req.uri));
    if (!destination.ok) return no(destination.why);
    const { target } = destination;
    const part = agent && interactions.of(agent);
    const interaction = part?.interaction ?? ids.interaction();
    const leg: NewLeg = { id: ids.leg(), interaction, transport: transportOf(req), account: user, initiator: true };
    const toQueue = target.kind === "queue" || target.kind === "entry-point";
    if (!part && toQueue && leg.transport === "webrtc") return no("not-in-this-phase"); // our page has no such call
    if (!agent && target.kind === "outside") return no("calling-not-allowed");
    const answer = await openMedia(this.deps, leg, { req, res });
    if (answer === null) return;
    legs.invited(leg, { req, res, answer });
    const refused = (why: ErrorCode): void => {
      log.info({ user, leg: leg.id, why }, "a call was refused");
      legs.end(leg.id, { refused: why });
    };
    if (part) {
      const wanted = { type: "consultRequested", target, line: leg.id } as const;
      // Accepted: the target is being called, and the answers to this INVITE follow from the consult.
      interactions.ask(part.interaction, part.seat, wanted, { accepted: () => undefined, refused });
      return;
    }
    const why = this.#place(leg, user, agent, target);
    if (why) refused(why);
  }

  /** IN-1: a telephone of the house calls a queue as a customer does; an agent is taken for as long as that lasts. */
  #callQueue(
    leg: NewLeg["id"],
    interaction: NewLeg["interaction"],
    user: string,
    caller: AgentId | null,
    target: ConsultTarget,
  ): ErrorCode | null {
    const { agents, destinations, interactions, stations } = this.deps;
    const entryPoint = destinations.wayIn(target);
    if (!entryPoint) return "not-found";
    if (caller && !agents.reserve(caller, "internal", interaction))
      return agents.inACall(caller) ? "in-a-call" : "no-station";
    if (caller) agents.engage(caller, interaction);
    const { name } = stations.callerAt(user);
    interactions.arrive({ interaction, leg, name, number: user, entryPoint, caller });
    return null;
  }

  /** A call of an agent's own, or of a bare telephone, by its own INVITE. */
  #place({ id, interaction }: NewLeg, user: string, agent: AgentId | null, target: ConsultTarget): ErrorCode | null {
    const { interactions, internal, stations } = this.deps;
    if (target.kind === "agent") {
      const [caller, callee] = [stations.callerAt(user), stations.calleeOf(target.agent)];
      return internal.place({ id: interaction, leg: id, invited: true, caller, callee });
    }
    if (target.kind !== "outside") return this.#callQueue(id, interaction, user, agent, target);
    if (!agent) return "calling-not-allowed";
    const { digits, outside } = target;
    return interactions.place({ interaction, agent, station: id, invited: true, outside, digits });
  }
}
