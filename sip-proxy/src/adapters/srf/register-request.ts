import type { Registration } from "../../domain/registrations.js";
import type { SrfRequest } from "./srf-api.js";

/** What a REGISTER says, for the registration table; null when it cannot be read. `page`: it came over a WebSocket. */
export function readRegister(req: SrfRequest, page: boolean): Registration | null {
  try {
    const [, cseq] = /^\s*(\d{1,10})\s/.exec(req.get("CSeq") ?? "") ?? [];
    const callId = req.get("Call-ID");
    if (cseq === undefined || callId === undefined) return null;
    return { callId, cseq: Number(cseq), expires: seconds(req.get("Expires")), contacts: contactsOf(req, page) };
  } catch {
    return null; // drachtio-srf's parser throws on some
  }
}

function contactsOf(req: SrfRequest, page: boolean): Registration["contacts"] {
  if (!req.has("Contact")) return "none";
  if (req.get("Contact")?.trim() === "*") return "all";
  return req.getParsedHeader("contact").map(({ uri, params }) => ({
    uri,
    expires: seconds(params?.["expires"]),
    transport: page ? "webrtc" : "rtp",
    proxy: page ? null : nextHopOf(req),
    behindNat: req.protocol === "udp" && !uri.includes(`${req.source_address}:${req.source_port}`),
  }));
}

/** Whole seconds; null: not there, or malformed, which counts as absent (RFC 3261 section 10.3 step 7). */
const seconds = (text: string | undefined): number | null =>
  text !== undefined && /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : null;

/**
 * Where the REGISTER came from, over the same transport (RFC 3581). A WebSocket is found again by the engine, and by nothing else: the host of such a
 * Contact exists nowhere (RFC 7118 section 5).
 */
function nextHopOf({ protocol, source_address: address, source_port: port }: SrfRequest): string {
  const host = address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;
  return protocol === "udp" ? `sip:${host}:${port}` : `sip:${host}:${port};transport=${protocol}`;
}
