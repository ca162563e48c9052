import { digitOfInfo } from "../../domain/dtmf-info.js";
import { unsupportedOptions } from "../../domain/screening.js";
import type { Wanted } from "../../app/wanted.js";
import type { Asker } from "../../app/requests.js";
import type { Log } from "../../ports/log.js";
import type { Direction, Media } from "../../ports/media.js";
import type { Referrals } from "./referrals.js";
import { ALLOW } from "./leg-context.js";
import { refuse } from "./refuse.js";
import type { SipLeg } from "./sip-leg.js";
import {
  TIMEOUT_MS,
  type Handler,
  type InDialogMethod,
  type SrfDialog,
  type SrfRequest,
  type SrfResponse,
} from "./srf-api.js";

export interface InDialogContext {
  readonly media: Media;
  readonly domain: string;
  readonly log: Log;
  readonly referrals: Referrals;
  /** Asks in the name of the leg's seat. */
  ask(leg: SipLeg, asked: Wanted, asker: Asker): void;
  /** Keys pressed that came as INFO. */
  digits(leg: SipLeg, digits: string): void;
}

/** Everything that can arrive inside a dialog; drachtio-srf answers 200 to what nobody listens to, so all of it is listened to. */
export function listenInDialog(leg: SipLeg, dialog: SrfDialog, ctx: InDialogContext): void {
  let offering = false; // one offer at a time (RFC 3261 14.2)
  const onOffer = (req: SrfRequest, res: SrfResponse): void => {
    if (offering) return res.send(500, { headers: { "Retry-After": "1" } });
    offering = true;
    answerOffer(leg, dialog, req, res, ctx)
      .catch((error: unknown) => {
        ctx.log.error({ leg: leg.id, error }, "an offer could not be handled");
        res.send(500);
      })
      .finally(() => {
        offering = false;
      });
  };
  const handlers = {
    modify: onOffer,
    update: (req, res) => (req.body ? onOffer(req, res) : res.send(200)),
    refer: (req, res) => ctx.referrals.asked(leg, dialog, req, res),
    info: (req, res) => onInfo(leg, req, res, ctx),
    options: (_req, res) => res.send(200),
    message: (_req, res) => res.send(415),
    notify: (_req, res) => res.send(481), // we subscribe to nothing
    subscribe: (_req, res) => res.send(489),
    publish: (_req, res) => res.send(405, { headers: { Allow: ALLOW } }),
  } as const satisfies Readonly<Record<InDialogMethod, Handler>>;
  for (const [method, handle] of Object.entries(handlers) as [InDialogMethod, Handler][])
    dialog.on(method, (req, res) => {
      // RFC 3261 section 8.2.2.3: what has to be understood and is not, as norefersub or multiple-refer of a REFER.
      const unsupported = unsupportedOptions(req.get("Require"));
      if (unsupported.length > 0) res.send(420, { headers: { Unsupported: unsupported.join(", ") } });
      else handle(req, res);
    });
}

/** RFC 3264: a later offer. A change of direction is the station's hold key (HO-2, HO-5); the answer waits until it is in force. */
async function answerOffer(
  leg: SipLeg,
  dialog: SrfDialog,
  req: SrfRequest,
  res: SrfResponse,
  ctx: InDialogContext,
): Promise<void> {
  const { media } = ctx;
  if (!req.body) return offerInAnswer(leg, dialog, res, ctx);
  const answer = await media.setRemoteOffer(leg.id, req.body);
  if (!answer.ok) {
    ctx.log.warn({ leg: leg.id, code: answer.code, message: answer.message }, "an offer cannot be used");
    return res.send(answer.code === "unreachable" ? 503 : 488);
  }
  leg.describedBy(req.body);
  const { sdp, remoteDirection } = answer.value;
  const accept = (): void =>
    res.send(200, { headers: { ...leg.contact, "Content-Type": "application/sdp" }, body: sdp });
  const held = isHold(remoteDirection);
  // A refresh or a recovery: it never un-holds by accident. What has been joined elsewhere has nobody left to hold.
  if (held === leg.held || leg.lingers) return accept();
  await new Promise<void>((resolve) =>
    ctx.ask(
      leg,
      { type: held ? "legHeld" : "legUnheld", leg: leg.id },
      {
        accepted: () => {
          leg.held = held;
          accept();
          resolve();
        },
        refused: (why) => {
          void media.rollback(leg.id);
          refuse(res, why, ctx, { method: req.method, leg: leg.id });
          resolve();
        },
      },
    ),
  );
}

/** HO-2: an offerless re-INVITE is answered with the present state; the ACK brings the answer. */
async function offerInAnswer(leg: SipLeg, dialog: SrfDialog, res: SrfResponse, ctx: InDialogContext): Promise<void> {
  const offer = await ctx.media.createOffer(leg.id);
  if (!offer.ok) return res.send(offer.code === "unreachable" ? 503 : 500);
  const acked = ackOf(dialog);
  res.send(200, { headers: { ...leg.contact, "Content-Type": "application/sdp" }, body: offer.value.sdp });
  const ack = await acked;
  const answer = ack?.body ?? "";
  const agreed = answer === "" ? null : await ctx.media.setRemoteAnswer(leg.id, answer);
  if (agreed?.ok) {
    leg.describedBy(answer);
    return heldByAnswer(leg, isHold(agreed.value.remoteDirection), ctx);
  }
  ctx.log.warn(
    { leg: leg.id, code: agreed?.code ?? "no answer" },
    "our offer was not answered; the old description counts",
  );
  await ctx.media.rollback(leg.id);
}

/** A hold key that is an answer to our own offer: there is nothing left to refuse. It holds, and never un-holds by accident (HO-2). */
function heldByAnswer(leg: SipLeg, held: boolean, ctx: InDialogContext): void {
  if (!held || leg.held || leg.lingers) return;
  const asker: Asker = {
    accepted: () => {
      leg.held = true;
    },
    refused: (why) => ctx.log.info({ leg: leg.id, why }, "a hold by an answer was refused"),
  };
  ctx.ask(leg, { type: "legHeld", leg: leg.id }, asker);
}

const isHold = (direction: Direction): boolean => direction === "sendonly" || direction === "inactive";

/** The ACK that our 200 is waiting for; null when the call ends or the engine has given up on it. */
const ackOf = (dialog: SrfDialog): Promise<SrfRequest | null> =>
  new Promise((resolve) => {
    const done = (ack: SrfRequest | null): void => {
      clearTimeout(timer);
      dialog.off("ack", done);
      dialog.off("destroy", gone);
      resolve(ack);
    };
    const gone = (): void => done(null);
    const timer = setTimeout(gone, TIMEOUT_MS); // then the engine ends the call (RFC 3261 section 13.3.1.4)
    dialog.on("ack", done);
    dialog.on("destroy", gone);
  });

/** MX-4: keys that come as INFO, in either of the two usual bodies. One without a body asks for nothing (RFC 6086 section 4.2.2). */
function onInfo(leg: SipLeg, req: SrfRequest, res: SrfResponse, ctx: InDialogContext): void {
  if (!req.body) return res.send(200);
  const type = req.get("Content-Type")?.toLowerCase() ?? "";
  if (!type.startsWith("application/dtmf")) return res.send(415);
  const digit = digitOfInfo(req.body);
  if (digit === null) return res.send(400);
  ctx.digits(leg, digit);
  res.send(200);
}
