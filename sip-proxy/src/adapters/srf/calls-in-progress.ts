import type { AgentId, InteractionId, LegId } from "@legwork/shared/ids";
import type { ErrorCode } from "@legwork/shared/api";
import type { Agents } from "../../app/agents.js";
import type { Interactions } from "../../app/interactions.js";
import type { Wanted } from "../../app/wanted.js";
import { interactionOfFocus, namesConference } from "../../domain/focus.js";
import { mayReplace, parseReplaces } from "../../domain/replaces.js";
import { userOf } from "../../domain/sip-uri.js";
import type { Ids } from "../../ports/ids.js";
import type { Log } from "../../ports/log.js";
import type { Media } from "../../ports/media.js";
import { refuse } from "./refuse.js";
import { openMedia, transportOf } from "./invite-media.js";
import type { NewLeg } from "./leg-context.js";
import type { SipLegs } from "./sip-legs.js";
import { type SrfRequest, type SrfResponse } from "./srf-api.js";

export interface CallsInProgressDeps {
  readonly media: Media;
  readonly legs: SipLegs;
  readonly interactions: Interactions;
  readonly agents: Pick<Agents, "isTakenFor">;
  readonly ids: Ids;
  readonly log: Log;
  readonly domain: string;
}

/** The account that has sent an INVITE, and who is signed in with it; null: nobody. */
interface Caller {
  readonly user: string;
  readonly agent: AgentId | null;
}

/** INVITEs about a call that is up: to the conference factory or a focus (RFC 4579), or with Replaces (RFC 3891). */
export class CallsInProgress {
  constructor(private readonly deps: CallsInProgressDeps) {}

  isAbout(req: SrfRequest): boolean {
    return req.has("Replaces") || namesConference(userOf(req.uri));
  }

  handle(caller: Caller, req: SrfRequest, res: SrfResponse): Promise<void> {
    return req.has("Replaces") ? this.#replace(caller, req, res) : this.#join(caller, req, res);
  }

  /** CO-6: the owner's conference key. Once there is a conference, whoever is in it goes on in their dialog with the focus. */
  async #join({ agent, user }: Caller, req: SrfRequest, res: SrfResponse): Promise<void> {
    const { interactions } = this.deps;
    const no = (why: ErrorCode): void => refuse(res, why, this.deps, { user });
    const part = agent && interactions.of(agent);
    const named = interactionOfFocus(userOf(req.uri));
    if (named && !interactions.state(named)) return no("not-found");
    if (!part) return no(named ? "not-yours" : "not-in-this-phase");
    if (named && named !== part.interaction) return no("not-yours");
    const isOn = interactions.state(part.interaction)?.phase === "conference";
    await this.#ask({ agent, user }, part.interaction, { req, res }, true, (leg) =>
      isOn
        ? { type: "handOffRequested", named: part.leg, leg }
        : { type: "conferenceRequested", referral: null, focus: leg },
    );
  }

  /** SG-3: moves the sender's own end of a call; it is never taken over from anybody else. */
  async #replace({ agent, user }: Caller, req: SrfRequest, res: SrfResponse): Promise<void> {
    const { agents, interactions, legs } = this.deps;
    const no = (why: ErrorCode): void => refuse(res, why, this.deps, { user });
    const replaces = parseReplaces(req.get("Replaces") ?? "");
    if (!replaces || req.has("Join")) return res.send(400, "Bad Replaces Header"); // RFC 3891 section 3, RFC 3911 section 4
    const named = legs.named(replaces);
    const verdict = mayReplace(
      replaces,
      named.map(({ names }) => names),
      legs.wasThere(replaces),
    );
    if (!verdict.ok) return res.send(verdict.status);
    const leg = named[0]?.leg;
    const part = agent && interactions.of(agent);
    if (!agent || !leg) return no("not-yours");
    if (leg.interaction !== part?.interaction) {
      // A call inside the house, or of their own to a queue, is theirs, but is not moved.
      const theirs = agents.isTakenFor(agent, leg.interaction);
      return no(theirs ? "not-in-this-phase" : "not-yours");
    }
    await this.#ask({ agent, user }, part.interaction, { req, res }, leg.isFocus, (line) => ({
      type: "handOffRequested",
      named: leg.id,
      leg: line,
    }));
  }

  async #ask(
    { agent, user }: { readonly agent: AgentId; readonly user: string },
    interaction: InteractionId,
    call: { readonly req: SrfRequest; readonly res: SrfResponse },
    focus: boolean,
    wanted: (leg: LegId) => Wanted,
  ): Promise<void> {
    const { ids, interactions, legs, log } = this.deps;
    const at = { transport: transportOf(call.req), account: user, initiator: true } as const;
    const leg: NewLeg = { id: ids.leg(), interaction, ...at, focus };
    // An answer that comes in the ACK may be of no use, when the dialog it replaces is over already (RFC 3891 section 3).
    if (wanted(leg.id).type === "handOffRequested" && !call.req.body) return call.res.send(488);
    const answer = await openMedia(this.deps, leg, call);
    if (answer === null) return;
    legs.invited(leg, { ...call, answer });
    const refused = (why: ErrorCode): void => {
      log.info({ user, leg: leg.id, why }, "a request was refused");
      legs.end(leg.id, { refused: why });
    };
    const part = interactions.of(agent); // the answer to the offer took a moment
    if (part?.interaction !== interaction) return refused("not-in-this-phase");
    // Accepted: the 200 goes out when it is true.
    const stillAsks = (): boolean => legs.has(leg.id); // taken back before its turn, it leaves everything as it is
    interactions.ask(interaction, part.seat, wanted(leg.id), { accepted: () => undefined, refused, stillAsks });
  }
}
