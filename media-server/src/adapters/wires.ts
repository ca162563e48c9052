import type { Wires } from "../ports/wire.js";
import type { ThreadStart } from "../thread/messages.js";
import type { MediaWorker } from "./mediasoup/media-worker.js";
import { WebRtcWire } from "./mediasoup/webrtc-wire.js";
import { countSockets, RtpWire } from "./udp/rtp-wire.js";

/** The wires of a media thread: browsers through its mediasoup worker, telephones through sockets of its own. */
export function wiresOf(
  worker: MediaWorker,
  { listen, rtp, ports }: Pick<ThreadStart, "listen" | "rtp" | "ports">,
): Wires {
  const bound = listen.map((one) => ({ ...one, ports }));
  return {
    make: ({ transport, ssrc, carried }, events) =>
      transport === "rtp"
        ? RtpWire.create({ ...rtp, ports }, Math.random, events)
        : WebRtcWire.create(worker, carried, bound, ssrc, events),
    counts: async () => ({ workers: 1, ...(await worker.counts()), sockets: countSockets() }),
    close: () => worker.close(),
  };
}
