import type { InteractionId } from "@legwork/shared/ids";
import type { Agents } from "../../app/agents.js";
import type { Destinations } from "../../app/destinations.js";
import type { Interactions } from "../../app/interactions.js";
import type { Ids } from "../../ports/ids.js";
import type { Log } from "../../ports/log.js";
import type { Media } from "../../ports/media.js";
import type { Authenticator } from "./authenticator.js";
import { refuse } from "./in-dialog.js";
import type { SipLegs } from "./sip-legs.js";
import { callerOf, guarded, userOf, type Handler, type SrfRequest, type SrfResponse } from "./srf-api.js";

export interface Trunk {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

export interface CallsDeps {
  readonly media: Media;
  readonly legs: SipLegs;
  readonly interactions: Interactions;
  readonly agents: Agents;
  readonly auth: Authenticator;
  readonly ids: Ids;
  readonly log: Log;
  readonly domain: string;
  readonly trunks: readonly Trunk[];
  readonly destinations: Destinations;
}

/** New INVITEs: a customer from a trunk, or an agent who consults. Everyone else is sent away (TK-1). */
export class Calls {
  constructor(private readonly deps: CallsDeps) {}

  readonly handle: Handler = guarded(
    (req, res) => this.#route(req, res),
    (error) => this.deps.log.error({ error }, "a call could not be handled"),
  );

  async #route(req: SrfRequest, res: SrfResponse): Promise<void> {
    const { log, trunks } = this.deps;
    const caller = callerOf(req);
    if (!caller) return res.send(400, "Bad From Header");
    const trunk = trunks.find((t) => t.address === req.source_address && t.port === Number(req.source_port));
    if (trunk) return this.#fromTrunk(trunk, caller, req, res);
    // TK-1: 401 for a known extension, 403 for a stranger.
    if (!this.deps.agents.find(caller.user)) {
      log.warn(
        { caller: caller.user, from: `${req.source_address}:${req.source_port}` },
        "a call from nowhere was refused",
      );
      return res.send(403);
    }
    const user = this.deps.auth.check(req, res);
    const agent = user === null ? undefined : this.deps.agents.find(user);
    if (agent) await this.#fromAgent(agent.id, req, res);
  }

  async #fromTrunk(
    trunk: Trunk,
    caller: { user: string; name: string },
    req: SrfRequest,
    res: SrfResponse,
  ): Promise<void> {
    const { ids, interactions, legs, log } = this.deps;
    const number = userOf(req.uri);
    const entryPoint = this.deps.destinations.entryPointOf(number);
    if (!entryPoint) {
      log.info({ trunk: trunk.name, number }, "no entry point has this number");
      return res.send(404);
    }
    let cancelled = false;
    req.on("cancel", () => {
      cancelled = true;
    });
    const leg = { id: ids.leg(), interaction: ids.interaction(), transport: "rtp" } as const;
    const answer = await this.#openMedia(leg, req, res);
    if (answer === null) return;
    if (cancelled) return this.deps.media.closeLeg(leg.id);
    legs.invited(leg, { req, res, answer });
    interactions.arrive({
      interaction: leg.interaction,
      leg: leg.id,
      name: caller.name,
      number: caller.user,
      entryPoint,
    });
  }

  /** SG-1: an agent's INVITE while a call is up is a consult; the rest is decided by the interaction (CO-1, CO-11). */
  async #fromAgent(agent: Parameters<Interactions["of"]>[0], req: SrfRequest, res: SrfResponse): Promise<void> {
    const { destinations, domain, ids, interactions, legs } = this.deps;
    const target = destinations.dialled(userOf(req.uri));
    if (!target) return res.send(404);
    const part = interactions.of(agent);
    if (!part) return refuse(res, "not-in-this-phase", domain);
    if (target.kind === "agent" && target.agent === agent) return refuse(res, "target-not-reachable", domain);
    let cancelled = false;
    req.on("cancel", () => {
      cancelled = true;
    });
    const transport = /^m=audio \d+ UDP\/TLS\/RTP\/SAVPF? /m.test(req.body ?? "") ? "webrtc" : "rtp";
    const leg = { id: ids.leg(), interaction: part.interaction, transport } as const;
    const answer = await this.#openMedia(leg, req, res);
    if (answer === null) return;
    if (cancelled) return this.deps.media.closeLeg(leg.id);
    legs.invited(leg, { req, res, answer });
    const wanted = { type: "consultRequested", target, line: leg.id } as const;
    interactions.ask(part.interaction, part.seat, wanted, {
      accepted: () => undefined, // the target is being called; the answers to this INVITE follow from the consult
      refused: (why) => legs.end(leg.id, { refused: why }),
    });
  }

  /** The answer to the INVITE's offer; null when the INVITE was refused instead. */
  async #openMedia(
    leg: { id: Parameters<Media["closeLeg"]>[0]; interaction: InteractionId; transport: "webrtc" | "rtp" },
    req: SrfRequest,
    res: SrfResponse,
  ): Promise<string | null> {
    const { media, log } = this.deps;
    const opened = await media.openLeg(leg.id, leg.interaction, leg.transport);
    if (!opened.ok) {
      log.error({ code: opened.code, message: opened.message }, "no media for a call");
      res.send(503, { headers: { "Retry-After": "5" } });
      return null;
    }
    const described = req.body ? await media.setRemoteOffer(leg.id, req.body) : await media.createOffer(leg.id);
    if (described.ok) return described.value.sdp;
    log.info({ code: described.code, message: described.message }, "an offer cannot be used");
    media.closeLeg(leg.id);
    res.send(described.code === "unreachable" || described.code === "overloaded" ? 503 : 488);
    return null;
  }
}
