/**
 * The control protocol between sip-proxy (client) and media-server (server): JSON text frames on one WebSocket, path `/control`.
 *
 * sip-proxy sends requests, each with an id of its own; media-server answers each with exactly one reply, and sends events unasked.
 * Requests of one leg are carried out in the order of arrival. sip-proxy is the only source of truth: after a lost connection or a new
 * `instance` it opens its legs again where needed and sends every plan again.
 */
import { z } from "zod";
import type { InteractionId, LegId, QueueId, SeatId } from "../ids/index.js";
import type { LegPlan, LegSource } from "../media/index.js";

/** Raised when a message changes its meaning. `hello` with another number is refused. */
export const CONTROL_PROTOCOL = 2;

const id = <T extends string>() => z.string().min(1).max(128) as unknown as z.ZodType<T>;
const sdp = z.string().min(1).max(64_000);

const source = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("parties"),
      parties: z.array(id<LegId>()).min(1).max(16),
      seat: id<SeatId>().optional(),
    })
    .strict(),
  z.object({ kind: z.literal("music"), queue: id<QueueId>() }).strict(),
  z.object({ kind: z.literal("ringback"), country: z.string().regex(/^[A-Z]{2}$/) }).strict(),
  z.object({ kind: z.literal("silence") }).strict(),
]);

const plan = z.record(z.string().min(1).max(128), source);

const body = z.discriminatedUnion("type", [
  /**
   * First request on a connection; anything else before it is refused. `client` names one run of sip-proxy: a connection that comes back has
   * the same, and finds its legs; another one means that their owner is dead, and they are closed first. Result: `hello`.
   */
  z
    .object({
      type: z.literal("hello"),
      protocol: z.literal(CONTROL_PROTOCOL),
      token: z.string(),
      client: z.string().min(1).max(64),
    })
    .strict(),
  /**
   * Makes a leg and its transport. All legs of an interaction live on one media thread: `thread` is the one sip-proxy was told for the
   * first leg, null for the first. Result: `leg`. Opening a leg that exists with the same fields does nothing.
   */
  z
    .object({
      type: z.literal("openLeg"),
      leg: id<LegId>(),
      interaction: id<InteractionId>(),
      transport: z.enum(["webrtc", "rtp"]),
      thread: z.number().int().nonnegative().nullable(),
    })
    .strict(),
  /** The peer's offer, first or later (RFC 3264). Result: `answer`. It takes effect at once; `rollback` undoes it. */
  z.object({ type: z.literal("setRemoteOffer"), leg: id<LegId>(), sdp }).strict(),
  /** Our offer, first or later: keeps mid, payload types, ICE and `o=` id, with a rising version. Result: `offer`. */
  z.object({ type: z.literal("createOffer"), leg: id<LegId>() }).strict(),
  /** The peer's answer to our offer. Result: `answered`. */
  z.object({ type: z.literal("setRemoteAnswer"), leg: id<LegId>(), sdp }).strict(),
  /** Forgets the last offer or answer that was not agreed (the re-INVITE was refused): back to the last agreed description. */
  z.object({ type: z.literal("rollback"), leg: id<LegId>() }).strict(),
  /** Idempotent: closing what is not there is fine. */
  z.object({ type: z.literal("closeLeg"), leg: id<LegId>() }).strict(),
  /**
   * Who hears whom in one interaction, whole. A revision not above the last applied one is ignored (`stale`). Legs of the interaction
   * that the plan leaves out get silence. Naming a leg of another interaction is refused with `foreign-leg`, and nothing changes.
   * The reply says the plan was taken; `planInForce` says it is heard.
   */
  z
    .object({
      type: z.literal("applyPlan"),
      interaction: id<InteractionId>(),
      revision: z.number().int().positive(),
      legs: plan,
    })
    .strict(),
  /** Sends digits to the peer of this leg as telephone-events (RFC 4733), 100 ms each with 80 ms between; `:` is a pause of 1 s. */
  z.object({ type: z.literal("sendDtmf"), leg: id<LegId>(), digits: z.string().regex(/^[0-9*#A-D:]{1,64}$/) }).strict(),
  /** Closes every leg of the interaction and forgets its plan. Idempotent. */
  z.object({ type: z.literal("closeInteraction"), interaction: id<InteractionId>() }).strict(),
  /** Everything that exists, for tests and operators. Result: `dump`. */
  z.object({ type: z.literal("dump") }).strict(),
]);

/** What sip-proxy asks, without the id. */
export type ControlRequestBody = z.infer<typeof body>;
export const controlRequest = z.intersection(z.object({ id: z.string().min(1).max(64) }), body);
export type ControlRequest = { readonly id: string } & ControlRequestBody;

/** Direction as the peer described its own side (RFC 3264 section 6.1); a missing line reads as sendrecv, `c=0.0.0.0` as sendonly. */
const direction = z.enum(["sendrecv", "sendonly", "recvonly", "inactive"]);

const mediaDump = z.object({
  instance: z.string(),
  threads: z.array(
    z.object({
      thread: z.number(),
      workers: z.number(),
      routers: z.number(),
      webRtcTransports: z.number(),
      directTransports: z.number(),
      producers: z.number(),
      consumers: z.number(),
      sockets: z.number(),
      timers: z.number(),
      legs: z.array(
        z.object({
          leg: z.string(),
          interaction: z.string(),
          transport: z.enum(["webrtc", "rtp"]),
          codec: z.string().nullable(),
          source: source.nullable(),
          /** How the outgoing stream is made now. */
          path: z.enum(["relay", "transcode", "mix", "file", "silence"]),
          up: z.boolean(),
          packetsIn: z.number(),
          packetsOut: z.number(),
          packetsDropped: z.record(z.string(), z.number()),
        }),
      ),
      plans: z.array(z.object({ interaction: z.string(), revision: z.number() })),
    }),
  ),
});
/** Everything a media-server holds. Counts of mediasoup objects are read from the worker itself, so that a leak shows. */
export type MediaDump = z.infer<typeof mediaDump>;

const result = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), instance: z.string(), threads: z.number().int().positive() }),
  z.object({ type: z.literal("leg"), thread: z.number().int().nonnegative() }),
  z.object({ type: z.literal("offer"), sdp }),
  z.object({ type: z.literal("answer"), sdp, remoteDirection: direction }),
  z.object({ type: z.literal("answered"), remoteDirection: direction }),
  z.object({ type: z.literal("plan"), outcome: z.enum(["applied", "stale"]) }),
  z.object({ type: z.literal("done") }),
  z.object({ type: z.literal("dump"), dump: mediaDump }),
]);
export type ControlResult = z.infer<typeof result>;

/** A closed set, so that callers can decide by it. */
const errorCode = z.enum([
  "bad-message", // the frame does not decode
  "not-authorised", // hello missing, or wrong token or protocol
  "unknown-leg",
  "leg-exists", // openLeg again with other fields
  "foreign-leg", // a plan that would bridge two interactions
  "bad-sdp", // cannot be parsed, or breaks RFC 3264
  "no-common-codec", // 488
  "wrong-state", // an answer without an offer and the like
  "overloaded", // 503
  "internal",
]);
const controlError = z.object({ code: errorCode, message: z.string() });
export type ControlError = z.infer<typeof controlError>;

export const controlReply = z.union([
  z.object({ reply: z.string(), ok: z.literal(true), result }),
  z.object({ reply: z.string(), ok: z.literal(false), error: controlError }),
]);
export type ControlReply = z.infer<typeof controlReply>;

export const controlEvent = z.discriminatedUnion("event", [
  /**
   * The revision is heard: on every leg whose source it changed, the first packet of the new source has left (HO-4, CO-4). A source that
   * has nothing to say yet counts once its first packet, comfort silence included, has left.
   */
  z.object({ event: z.literal("planInForce"), interaction: id<InteractionId>(), revision: z.number().int() }),
  /** The leg can carry media: ICE and DTLS are up, or RTP/RTCP came from it. Sent once per leg, and again after `legLost`. */
  z.object({ event: z.literal("legUp"), leg: id<LegId>(), by: z.enum(["ice-dtls", "rtp"]) }),
  /** ICE or DTLS is gone, or an RTP leg that should send (its SDP says so) has sent nothing for 30 s. Never for a held leg (MX-5). */
  z.object({
    event: z.literal("legLost"),
    leg: id<LegId>(),
    cause: z.enum(["ice", "dtls", "rtp-timeout", "thread-died"]),
  }),
  /** A key pressed on this leg (RFC 4733), once per press. */
  z.object({
    event: z.literal("dtmf"),
    leg: id<LegId>(),
    digit: z.string().regex(/^[0-9*#A-D]$/),
    durationMs: z.number().nonnegative(),
  }),
]);
export type ControlEvent = z.infer<typeof controlEvent>;
export type FromMediaServer = ControlReply | ControlEvent;

/** A decoder's outcome: bad input is a value with a reason, never an exception. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** media-server's border. */
export const decodeFromSipProxy = (text: string): Decoded<ControlRequest> =>
  decode(text, controlRequest as unknown as z.ZodType<ControlRequest>);

/** sip-proxy's border. */
export const decodeFromMediaServer = (text: string): Decoded<FromMediaServer> =>
  decode(text, z.union([controlReply, controlEvent]) as unknown as z.ZodType<FromMediaServer>);

function decode<T>(text: string, schema: z.ZodType<T>): Decoded<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: "not JSON" };
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, reason: z.prettifyError(parsed.error) };
}

/** A leg plan as it stands in `applyPlan`. */
export type LegPlanWire = Record<string, z.infer<typeof source>>;

export const legPlanToWire = (p: LegPlan): LegPlanWire =>
  Object.fromEntries([...p].map(([leg, s]) => [leg, s.kind === "parties" ? { ...s, parties: [...s.parties] } : s]));

export const legPlanFromWire = (wire: LegPlanWire): LegPlan =>
  new Map<LegId, LegSource>(Object.entries(wire).map(([leg, s]) => [leg as LegId, s]));
