import type { ErrorCode } from "@legwork/shared/api";
import { refusalWarning, statusOfRefusal } from "../../domain/sip-status.js";
import type { Wanted } from "../../app/wanted.js";
import type { Asker } from "../../app/requests.js";
import type { Log } from "../../ports/log.js";
import type { Media } from "../../ports/media.js";
import type { Referrals } from "./referrals.js";
import { ALLOW } from "./leg-context.js";
import type { SipLeg } from "./sip-leg.js";
import type { SrfDialog, SrfRequest, SrfResponse } from "./srf-api.js";

/** RFC 3261 13.3.1.4: 64 T1, after which the engine ends a call whose 200 was never acknowledged. */
const ACK_WAIT_MS = 32_000;

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
  dialog.on("modify", onOffer);
  dialog.on("update", (req, res) => (req.body ? onOffer(req, res) : res.send(200)));
  dialog.on("refer", (req, res) => ctx.referrals.asked(leg, dialog, req, res));
  dialog.on("info", (req, res) => onInfo(leg, req, res, ctx));
  dialog.on("options", (_req, res) => res.send(200));
  dialog.on("message", (_req, res) => res.send(415));
  dialog.on("notify", (_req, res) => res.send(481)); // we subscribe to nothing
  dialog.on("subscribe", (_req, res) => res.send(489));
  dialog.on("publish", (_req, res) => res.send(405, { headers: { Allow: ALLOW } }));
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
  const held = remoteDirection === "sendonly" || remoteDirection === "inactive";
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
          refuse(res, why, ctx.domain);
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
  if (agreed?.ok) return leg.describedBy(answer);
  ctx.log.warn(
    { leg: leg.id, code: agreed?.code ?? "no answer" },
    "our offer was not answered; the old description counts",
  );
  await ctx.media.rollback(leg.id);
}

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
    const timer = setTimeout(gone, ACK_WAIT_MS);
    dialog.on("ack", done);
    dialog.on("destroy", gone);
  });

/** MX-4: keys that come as INFO, in either of the two usual bodies. */
function onInfo(leg: SipLeg, req: SrfRequest, res: SrfResponse, ctx: InDialogContext): void {
  const type = req.get("Content-Type")?.toLowerCase() ?? "";
  if (!type.startsWith("application/dtmf")) return res.send(415);
  const body = req.body ?? "";
  const digit = (/signal\s*=\s*([0-9*#a-d])/i.exec(body) ?? /^\s*([0-9*#a-d])\s*$/i.exec(body))?.[1];
  if (!digit) return res.send(400);
  ctx.digits(leg, digit.toUpperCase());
  res.send(200);
}

/** CO-11: SIP 403 with Warning 399, or what fits the reason better. */
export function refuse(res: SrfResponse, why: ErrorCode, domain: string): void {
  const { status, reason } = statusOfRefusal(why);
  res.send(status, reason, { headers: { Warning: refusalWarning(domain, why) } });
}
