import * as mediasoup from "mediasoup";
import type { types } from "mediasoup";
import type { PayloadTypes } from "../../sdp/offer-answer.js";

type RouterCodec = types.RouterRtpCodecCapability;

/**
 * A router that gives a codec the payload type the peer gave it, because mediasoup's consumers send the router's payload types, not the
 * peer's. Browsers of one kind agree on theirs, so legs share routers; one that is needed no more is closed.
 */
export interface SharedRouter {
  readonly router: types.Router;
  /** The way between the router and the media thread. */
  readonly direct: types.DirectTransport;
  readonly carried: PayloadTypes;
  release(): void;
}

interface Entry {
  readonly made: Promise<{ router: types.Router; direct: types.DirectTransport }>;
  users: number;
}

/** What the worker process itself says it holds. */
export interface WorkerCounts {
  readonly routers: number;
  readonly webRtcTransports: number;
  readonly directTransports: number;
  readonly producers: number;
  readonly consumers: number;
}

/** One mediasoup worker process with its routers. */
export class MediaWorker {
  readonly #worker: types.Worker;
  readonly #routers = new Map<string, Entry>();

  private constructor(worker: types.Worker) {
    this.#worker = worker;
  }

  static async create(died: (error: Error) => void): Promise<MediaWorker> {
    const worker = await mediasoup.createWorker({ logLevel: "error" });
    worker.on("died", died);
    return new MediaWorker(worker);
  }

  get pid(): number {
    return this.#worker.pid;
  }

  async routerFor(carried: PayloadTypes): Promise<SharedRouter> {
    const key = [
      ...carried.codecs.map((c) => `${c.codec}:${c.payloadType}`),
      ...carried.events.map((e) => `${e.clockRate}:${e.payloadType}`),
    ]
      .sort()
      .join(" ");
    const entry = this.#routers.get(key) ?? { made: this.#make(carried), users: 0 };
    this.#routers.set(key, entry);
    entry.users += 1;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      entry.users -= 1;
      if (entry.users > 0) return;
      this.#routers.delete(key);
      entry.made.then(
        ({ router }) => router.close(),
        () => undefined,
      ); // A router that was never made needs no closing.
    };
    try {
      return { ...(await entry.made), carried, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async counts(): Promise<WorkerCounts> {
    const dump = await this.#worker.dump();
    const routers = await Promise.all([...this.#routers.values()].map((entry) => entry.made));
    const dumps = await Promise.all(routers.map(({ router }) => router.dump()));
    const total = (count: (d: types.RouterDump) => number): number => dumps.reduce((sum, d) => sum + count(d), 0);
    const transports = total((d) => d.transportIds.length);
    const direct = routers.filter(({ direct }, i) => dumps[i]!.transportIds.includes(direct.id)).length;
    return {
      routers: dump.routerIds.length,
      webRtcTransports: transports - direct,
      directTransports: direct,
      producers: total((d) => d.mapProducerIdConsumerIds.length),
      consumers: total((d) => d.mapConsumerIdProducerId.length),
    };
  }

  close(): void {
    this.#worker.close();
  }

  async #make(carried: PayloadTypes): Promise<{ router: types.Router; direct: types.DirectTransport }> {
    const router = await this.#worker.createRouter({ mediaCodecs: routerCodecs(carried) });
    return { router, direct: await router.createDirectTransport() };
  }
}

const CODEC = {
  opus: { mimeType: "audio/opus", clockRate: 48000, channels: 2 },
  G722: { mimeType: "audio/G722", clockRate: 8000 },
  PCMU: { mimeType: "audio/PCMU", clockRate: 8000 },
  PCMA: { mimeType: "audio/PCMA", clockRate: 8000 },
} as const;

/**
 * mediasoup drops telephone-events on the way to a consumer. Under the name of an audio codec that nobody uses they pass unchanged:
 * only the payload type is on the wire.
 */
const eventCodec = (clockRate: number): { mimeType: string; clockRate: number } =>
  clockRate === 48000 ? { mimeType: "audio/SILK", clockRate: 24000 } : { mimeType: "audio/iLBC", clockRate: 8000 };

/** RTP parameters for mediasoup, all codecs of a peer in one stream. */
export function codecParameters(carried: PayloadTypes): types.RtpCodecParameters[] {
  return [
    ...carried.codecs.map((c) => ({ ...CODEC[c.codec], payloadType: c.payloadType })),
    ...carried.events.map((e) => ({ ...eventCodec(e.clockRate), payloadType: e.payloadType })),
  ];
}

function routerCodecs(carried: PayloadTypes): RouterCodec[] {
  return codecParameters(carried).map(({ payloadType, ...codec }) => ({
    ...codec,
    kind: "audio",
    preferredPayloadType: payloadType,
  }));
}
