import type { ErrorCode } from "@legwork/shared/api";
import type { InteractionId, LegId, ReferralId } from "@legwork/shared/ids";
import type { Destinations } from "../../app/destinations.js";
import { focusUser } from "../../domain/focus.js";
import { parseReferTo, type ReferTarget } from "../../domain/refer-to.js";
import { replacesMatches, type ReplacedDialog } from "../../domain/replaces.js";
import { statusLine } from "../../domain/sip-status.js";
import type { Wanted } from "../../app/wanted.js";
import type { Asker } from "../../app/requests.js";
import type { Ids } from "../../ports/ids.js";
import type { Log } from "../../ports/log.js";
import { refuse } from "./refuse.js";
import type { SipLeg } from "./sip-leg.js";
import type { SrfDialog, SrfRequest, SrfResponse } from "./srf-api.js";

/** What a referrer that is gone may delay a BYE by. */
const NOTIFY_WAIT_MS = 1_000;

interface Referral {
  readonly leg: SipLeg;
  readonly dialog: SrfDialog;
  readonly res: SrfResponse;
  /** Of its NOTIFYs. */
  readonly event: string;
  accepted: boolean;
  /** NOTIFYs go out one after the other, in the order they were made. */
  sent: Promise<unknown>;
}

export interface ReferralsDeps {
  readonly ids: Ids;
  readonly log: Log;
  readonly domain: string;
  readonly destinations: Destinations;
  legs(): Iterable<SipLeg>;
  ask(leg: SipLeg, asked: Wanted, asker: Asker): void;
}

/** REFER and its implicit subscription (RFC 3515): 202, NOTIFY 100, exactly one final NOTIFY, before any BYE (SG-3). */
export class Referrals {
  readonly #referrals = new Map<ReferralId, Referral>();
  /** Per interaction: resolved when every final NOTIFY so far is answered. */
  readonly #notified = new Map<InteractionId, Promise<unknown>>();

  /** Dialogs that have had a REFER. */
  readonly #referred = new WeakSet<SrfDialog>();

  constructor(private readonly deps: ReferralsDeps) {}

  asked(leg: SipLeg, dialog: SrfDialog, req: SrfRequest, res: SrfResponse): void {
    const target = parseReferTo(req.get("Refer-To") ?? "");
    if (!target) return res.send(400, "Bad Refer-To Header");
    const { ids } = this.deps;
    const id = ids.referral();
    const event = this.#eventOf(dialog, req);
    const referral: Referral = { leg, dialog, res, event, accepted: false, sent: Promise.resolve() };
    const joined = this.#joinedAlready(leg, target);
    if (joined) return this.#tellJoined(joined, id, referral);
    const wanted = this.#wanted(leg, target, id);
    const refused = (why: ErrorCode): void => refuse(res, why, this.deps, { method: "REFER", leg: leg.id });
    // A REFER to nowhere, or to a call that is not this interaction's, is never followed.
    if (typeof wanted === "string") return refused(wanted);
    this.#referrals.set(id, referral);
    this.deps.ask(leg, wanted, {
      accepted: () => undefined, // the 202 went out with acceptReferral, the outcome goes out with NOTIFY
      refused: (why) => {
        if (this.#referrals.has(id)) refused(why);
        this.#referrals.delete(id);
      },
    });
  }

  /** RFC 3515 section 2.4.6: from the second REFER of a dialog on its CSeq tells whose NOTIFYs they are. */
  #eventOf(dialog: SrfDialog, req: SrfRequest): string {
    const isFirst = !this.#referred.has(dialog);
    this.#referred.add(dialog);
    return isFirst ? "refer" : `refer;id=${parseInt(req.get("CSeq") ?? "", 10)}`;
  }

  accept(id: ReferralId): void {
    const referral = this.#referrals.get(id);
    if (!referral) return;
    referral.accepted = true;
    referral.res.send(202);
  }

  notify(id: ReferralId, status: number): void {
    const referral = this.#referrals.get(id);
    if (!referral) return;
    const final = status !== 100;
    const send = (): Promise<unknown> =>
      referral.dialog
        .request({
          method: "NOTIFY",
          headers: {
            ...referral.leg.contact,
            Event: referral.event,
            "Subscription-State": final ? "terminated;reason=noresource" : "active;expires=60",
            "Content-Type": "message/sipfrag;version=2.0",
          },
          body: `${statusLine(status)}\r\n`,
        })
        .catch(() => this.deps.log.debug({ leg: referral.leg.id }, "the referrer is gone"));
    // A provisional answer must not keep the final NOTIFY back.
    referral.sent = referral.sent.then(() => Promise.race([send(), patience()]));
    if (!final) return;
    this.#referrals.delete(id);
    const { interaction } = referral.leg;
    const waiting = referral.sent.then(() => {
      if (this.#notified.get(interaction) === waiting) this.#notified.delete(interaction);
    });
    this.#notified.set(interaction, waiting);
  }

  /** What a BYE of this interaction has to wait for. */
  notified(interaction: InteractionId): Promise<unknown> {
    return this.#notified.get(interaction) ?? Promise.resolve();
  }

  /** The referrer's leg is over: nobody is left to be notified. */
  over(leg: LegId): void {
    for (const [id, referral] of this.#referrals) {
      if (referral.leg.id !== leg) continue;
      if (!referral.accepted) referral.res.send(481); // the call ended while the REFER waited
      this.#referrals.delete(id);
    }
  }

  dump(): object {
    return { referrals: this.#referrals.size, notifying: this.#notified.size };
  }

  /**
   * RFC 4579 section 5.6: the call whose party the telephone refers to the focus that it has a dialog with, on that call or on the focus's. It is in
   * the conference already, so that there is nothing to do but to say so, and to end that dialog.
   */
  #joinedAlready(leg: SipLeg, target: ReferTarget): SipLeg | null {
    if (leg.lingers) return target.user === focusUser(leg.interaction) ? leg : null;
    return leg.isFocus && target.replaces ? this.#namedBeside(leg, target.replaces, ({ lingers }) => lingers) : null;
  }

  #tellJoined(joined: SipLeg, id: ReferralId, referral: Referral): void {
    this.#referrals.set(id, referral);
    this.accept(id);
    this.notify(id, 100);
    this.notify(id, 200);
    joined.end("joined", this.notified(referral.leg.interaction));
  }

  /** Replaces: an attended transfer; the focus: the conference (RFC 4579); anybody else: a blind transfer (BT-1). */
  #wanted(leg: SipLeg, target: ReferTarget, referral: ReferralId): Wanted | ErrorCode {
    if (target.replaces) {
      const { replaces } = target;
      const other =
        this.#namedBeside(leg, replaces, ({ dialog }) => dialog !== null) ?? this.#ringingBeside(leg, replaces);
      return other ? { type: "transferRequested", referral } : "not-in-this-phase";
    }
    if (target.user === focusUser(leg.interaction)) return { type: "conferenceRequested", referral };
    const destination = this.deps.destinations.dialled(target.user);
    return destination.ok ? { type: "blindTransferRequested", target: destination.target, referral } : destination.why;
  }

  /** The same while our answer to its INVITE is still a 183. */
  #ringingBeside(leg: SipLeg, replaces: ReplacedDialog): SipLeg | null {
    const legs = [...this.deps.legs()];
    return legs.find((other) => other.interaction === leg.interaction && other.isAskedFor(replaces)) ?? null;
  }

  /** Another leg of the same interaction that Replaces names. */
  #namedBeside(leg: SipLeg, replaces: ReplacedDialog, is: (other: SipLeg) => boolean): SipLeg | null {
    for (const other of this.deps.legs()) {
      const { names } = other;
      const beside = other !== leg && other.interaction === leg.interaction && is(other);
      if (beside && names && replacesMatches(replaces, names)) return other;
    }
    return null;
  }
}

const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, NOTIFY_WAIT_MS).unref());
