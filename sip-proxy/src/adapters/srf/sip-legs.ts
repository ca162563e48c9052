import type { AgentId, InteractionId, LegId, ReferralId } from "@legwork/shared/ids";
import type { Conversations } from "../../app/conversations.js";
import type { Destinations } from "../../app/destinations.js";
import type { Party } from "../../domain/connected-party.js";
import type { Lamp } from "../../domain/dialog-info.js";
import type { EndCause } from "../../domain/interaction-state.js";
import type { Route } from "../../domain/outbound.js";
import { focusUri } from "../../domain/focus.js";
import { replacesMatches, type DialogNames, type ReplacedDialog } from "../../domain/replaces.js";
import { quoted, userPart } from "../../domain/sip-status.js";
import type { Ids } from "../../ports/ids.js";
import type { Log } from "../../ports/log.js";
import type { Media } from "../../ports/media.js";
import type { Originate, Signalling } from "../../ports/signalling.js";
import { listenInDialog, type InDialogContext } from "./in-dialog.js";
import { Referrals } from "./referrals.js";
import type { Binding, Registrar } from "./registrar.js";
import { FormerDialogs } from "./former-dialogs.js";
import type { CallOut, LegContext, NewLeg } from "./leg-context.js";
import { SipLeg } from "./sip-leg.js";
import type { SrfApi, SrfRequest, SrfResponse } from "./srf-api.js";

export interface SipLegsDeps {
  readonly srf: SrfApi;
  readonly media: Media;
  readonly ids: Ids;
  readonly log: Log;
  readonly domain: string;
  readonly conversations: Conversations;
  readonly destinations: Destinations;
  /** The account of an agent's present station. */
  stationOf(agent: AgentId): string;
  readonly registrar: Pick<Registrar, "bindingOf" | "nobodyAt" | "heardOf">;
  /** A call of this account began, was answered, or is over. */
  lampChanged(account: string): void;
  /** A leg has ended, however it did. */
  over(leg: LegId): void;
}

/** All SIP legs of this process. */
export class SipLegs implements Signalling {
  readonly #legs = new Map<LegId, SipLeg>();
  readonly #referrals: Referrals;
  readonly #former = new FormerDialogs();
  readonly #context: LegContext;
  readonly #inDialog: InDialogContext;

  constructor(private readonly deps: SipLegsDeps) {
    const { conversations, destinations, domain, ids, log, media, srf } = deps;
    const ask: InDialogContext["ask"] = (leg, wanted, asker) => conversations.ask(leg, wanted, asker);
    this.#referrals = new Referrals({ ids, log, domain, destinations, ask, legs: () => this.#legs.values() });
    this.#inDialog = {
      media,
      domain,
      log,
      ask,
      referrals: this.#referrals,
      digits: (leg, digits) => conversations.digits(leg, digits),
    };
    this.#context = {
      srf,
      media,
      domain,
      log,
      events: {
        answered: (leg) => conversations.report({ type: "legAnswered", leg }),
        up: (leg) => conversations.report({ type: "legUp", leg }),
        failed: (leg, failure) => conversations.report({ type: "legFailed", leg, failure }),
        ended: (leg) => conversations.report({ type: "legEnded", leg }),
        established: (leg, dialog) => {
          listenInDialog(leg, dialog, this.#inDialog);
          this.#lampChanged(leg);
        },
        gone: (leg) => {
          log.warn({ leg }, "the other end of a call does not know it any more");
          conversations.dialogGone(leg);
        },
        over: (leg) => {
          this.#legs.delete(leg.id);
          this.#lampChanged(leg);
          if (leg.names) this.#former.add(leg.names);
          this.#referrals.over(leg.id);
          this.deps.over(leg.id);
        },
      },
    };
  }

  /** A call that came to us; its media leg has answered the offer. */
  invited(leg: NewLeg, call: { req: SrfRequest; res: SrfResponse; answer: string }): void {
    this.#add(SipLeg.invited(this.#context, leg, call));
  }

  originate(call: Originate): void {
    const { interaction, leg: id, to } = call;
    if ("route" in to) {
      const leg: NewLeg = { id, interaction, transport: "rtp", account: null, initiator: false };
      return this.#start(leg, this.#throughTrunk(to.route));
    }
    const user = "agent" in to ? this.deps.stationOf(to.agent) : to.station;
    const binding = this.deps.registrar.bindingOf(user);
    if (!binding) {
      const failure = { kind: "unreachable", why: "not-registered" } as const;
      return this.deps.conversations.report({ type: "legFailed", leg: id, failure });
    }
    const { transport } = binding;
    const leg: NewLeg = { id, interaction, transport, account: user, initiator: call.wanted };
    this.#start(leg, this.#toStation(binding, user, call));
  }

  #start(leg: NewLeg, call: CallOut): void {
    this.#add(SipLeg.calling(this.#context, leg, call));
  }

  #add(leg: SipLeg): void {
    this.#legs.set(leg.id, leg);
    this.#lampChanged(leg);
  }

  #lampChanged({ account }: SipLeg): void {
    if (account !== null) this.deps.lampChanged(account);
  }

  #toStation({ uri, proxy, transport }: Binding, user: string, call: Originate): CallOut {
    const { domain } = this.deps;
    const { caller, wanted } = call;
    return {
      uri,
      proxy,
      auth: null,
      // Its next contact: the offer is made for the same kind of station.
      instead: (why) => {
        const { registrar } = this.deps;
        if (why === "gone") registrar.nobodyAt(user, uri);
        const next = registrar.bindingOf(user, uri);
        if (next?.transport !== transport) return null;
        if (why === "silent") registrar.heardOf(user, uri, false);
        return this.#toStation(next, user, call);
      },
      sessionTimer: transport === "rtp",
      shown: { name: caller.name || caller.number, number: caller.number },
      headers: {
        From: `${quoted(caller.name || caller.number)} <sip:${userPart(caller.number || "anonymous")}@${domain}>`,
        To: `<sip:${userPart(user)}@${domain}>`,
        // RFC 5373, and what pages and telephones that do not know it take for the same.
        ...(wanted && {
          "Answer-Mode": "Auto",
          "Call-Info": `<sip:${domain}>;answer-after=0`,
          "Alert-Info": `<sip:${domain}>;info=alert-autoanswer;delay=0`,
        }),
      },
    };
  }

  /** TK-1. The identity that pays is asserted whatever is shown (RFC 3325): the trunk is in our trust domain. */
  #throughTrunk({ asserted, callerId, number, trunk }: Route): CallOut {
    const { domain } = this.deps;
    const { address, port, transport } = trunk;
    const uri = `sip:${userPart(number)}@${address}:${port}`;
    const name = callerId.name === "" ? "" : `${quoted(callerId.name)} `;
    return {
      uri: transport === "tcp" ? `${uri};transport=tcp` : uri,
      proxy: null,
      sessionTimer: false,
      auth: trunk.outbound?.credentials ?? null,
      shown: null,
      headers: {
        From: `${name}<sip:${userPart(callerId.number)}@${domain}>`,
        To: `<${uri}>`,
        "P-Asserted-Identity": `<sip:${userPart(asserted)}@${domain}>`,
      },
    };
  }

  progress(leg: LegId): void {
    this.#legs.get(leg)?.progress();
  }

  answer(leg: LegId): void {
    void this.#legs.get(leg)?.answer();
  }

  end(leg: LegId, cause: EndCause): void {
    const sipLeg = this.#legs.get(leg);
    sipLeg?.end(cause, this.#referrals.notified(sipLeg.interaction));
  }

  closeInteraction(interaction: InteractionId): void {
    const left = [...this.#legs.values()].filter((leg) => leg.lingers && leg.interaction === interaction);
    for (const leg of left) this.end(leg.id, "joined");
  }

  acceptReferral(referral: ReferralId): void {
    this.#referrals.accept(referral);
  }

  notifyReferrer(referral: ReferralId, status: number): void {
    this.#referrals.notify(referral, status);
  }

  /** The media-server has lost every leg it had. */
  mediaLost(): void {
    for (const leg of [...this.#legs.values()]) leg.mediaLost();
  }

  /** The engine is gone: every leg has ended. */
  engineLost(): void {
    for (const leg of [...this.#legs.values()]) leg.parentClosed();
  }

  connectedWith(leg: LegId, party: Party): void {
    this.#legs.get(leg)?.connectedWith(party);
  }

  stationIsThere(agent: AgentId): boolean {
    return this.deps.registrar.bindingOf(this.deps.stationOf(agent)) !== null;
  }

  async probe(leg: LegId): Promise<"there" | "gone"> {
    return this.#legs.get(leg)?.probe() ?? "there";
  }

  /** SE-1: a telephone has started anew: the calls it had may be gone with its memory. */
  probeAll(account: string): void {
    for (const leg of this.#legs.values()) if (leg.account === account && leg.transport === "rtp") void leg.probe();
  }

  /** What the lamp of this account shows of its own calls; null without any. */
  lampOf(account: string): Lamp | null {
    const lamps = [...this.#legs.values()].filter((leg) => leg.account === account).map(({ lamp }) => lamp);
    return lamps.find(({ state }) => state === "confirmed") ?? lamps[0] ?? null;
  }

  isBrowser(leg: LegId): boolean {
    return this.#legs.get(leg)?.transport === "webrtc";
  }

  callIdOf(leg: LegId): string | null {
    return this.#legs.get(leg)?.callId ?? null;
  }

  /** It has not ended. */
  has(leg: LegId): boolean {
    return this.#legs.has(leg);
  }

  /** The dialogs that a Replaces names, on whichever side of us. */
  named(replaces: ReplacedDialog): readonly { readonly leg: SipLeg; readonly names: DialogNames }[] {
    return [...this.#legs.values()].flatMap((leg) => {
      const { names } = leg;
      return names && replacesMatches(replaces, names) ? [{ leg, names }] : [];
    });
  }

  /** Such a dialog has ended a moment ago. */
  wasThere(replaces: ReplacedDialog): boolean {
    return this.#former.has(replaces);
  }

  focusUri(interaction: InteractionId): string {
    return focusUri(interaction, this.deps.domain);
  }

  dump(): object {
    return { legs: [...this.#legs.keys()], ...this.#referrals.dump() };
  }
}
