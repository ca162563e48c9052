import { AUDIO_PROFILES } from "@legwork/shared/media";
import type { Log } from "../../ports/log.js";
import type { Media } from "../../ports/media.js";
import type { NewLeg } from "./leg-context.js";
import type { SrfRequest, SrfResponse } from "./srf-api.js";

/** What a station's own INVITE offers: the kind of its first audio that is not switched off. */
export function transportOf({ body = "" }: Pick<SrfRequest, "body">): "webrtc" | "rtp" {
  const profiles = [...body.matchAll(/^m=audio (\d+)(?:\/\d+)? (\S+) /gm)].flatMap(([, port, profile]) =>
    Number(port) > 0 && profile !== undefined ? profile : [],
  );
  const known = profiles.find((profile) => AUDIO_PROFILES.webrtc.has(profile) || AUDIO_PROFILES.rtp.has(profile));
  return known !== undefined && AUDIO_PROFILES.webrtc.has(known) ? "webrtc" : "rtp";
}

/** Opens the media leg of an INVITE: the answer to its offer; null when it was refused instead, or taken back meanwhile. */
export async function openMedia(
  { media, log }: { readonly media: Media; readonly log: Log },
  leg: NewLeg,
  { req, res }: { readonly req: SrfRequest; readonly res: SrfResponse },
): Promise<string | null> {
  let cancelled = false;
  req.on("cancel", () => {
    cancelled = true;
  });
  const opened = await media.openLeg(leg.id, leg.interaction, leg.transport);
  if (!opened.ok) {
    log.error({ code: opened.code, message: opened.message }, "no media for a call");
    res.send(503, { headers: { "Retry-After": "5" } });
    return null;
  }
  const described = req.body ? await media.setRemoteOffer(leg.id, req.body) : await media.createOffer(leg.id);
  if (described.ok && !cancelled) return described.value.sdp;
  media.closeLeg(leg.id);
  if (described.ok) return null;
  log.info({ code: described.code, message: described.message }, "an offer cannot be used");
  res.send(described.code === "unreachable" || described.code === "overloaded" ? 503 : 488);
  return null;
}
