import type { types } from "mediasoup";
import type { Wire, WireEvents } from "../../ports/wire.js";
import type { LocalTransport, RemoteDescription, RemoteTransport } from "../../sdp/description.js";
import type { Agreement, PayloadTypes } from "../../sdp/offer-answer.js";
import { codecParameters, type MediaWorker, type SharedRouter } from "./media-worker.js";

/** A browser that closed its lid says nothing: consent (RFC 7675) that is not renewed for this long is a lost leg. */
const CONSENT_TIMEOUT_S = 15;
const MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid";

export interface Listen {
  readonly ip: string;
  readonly announced: string;
  readonly ports: { readonly min: number; readonly max: number };
}

type RemoteWebRtc = RemoteTransport & { kind: "webrtc" };

/** The wire to a browser: one WebRtcTransport with one producer and one consumer for life, and its ends in the media thread. */
export class WebRtcWire implements Wire {
  readonly carried: PayloadTypes;
  readonly #shared: SharedRouter;
  readonly #transport: types.WebRtcTransport;
  readonly #egress: types.Producer;
  readonly #toPeer: types.Consumer;
  readonly #events: WireEvents;
  #ice: types.IceParameters;
  #remote: RemoteWebRtc | null = null;
  #ingress: { readonly key: string; readonly producer: types.Producer } | null = null;
  #closed = false;

  private constructor(
    made: { shared: SharedRouter; transport: types.WebRtcTransport; egress: types.Producer; toPeer: types.Consumer },
    events: WireEvents,
  ) {
    this.#shared = made.shared;
    this.#transport = made.transport;
    this.#egress = made.egress;
    this.#toPeer = made.toPeer;
    this.#events = events;
    this.carried = made.shared.carried;
    this.#ice = made.transport.iceParameters;
    made.transport.on("dtlsstatechange", (state) => this.#onDtls(state));
    made.transport.on("icestatechange", (state) => this.#onIce(state));
  }

  /** `ssrc`: what the media thread sends on its side of the router. */
  static async create(
    worker: MediaWorker,
    carried: PayloadTypes,
    listen: readonly Listen[],
    ssrc: number,
    events: WireEvents,
  ): Promise<WebRtcWire> {
    const shared = await worker.routerFor(carried);
    const made: { close(): void }[] = [];
    try {
      const transport = await shared.router.createWebRtcTransport({
        listenInfos: listen.flatMap(({ ip, announced, ports }) =>
          (["udp", "tcp"] as const).map((protocol) => ({
            protocol,
            ip,
            portRange: ports,
            ...(announced === ip ? {} : { announcedAddress: announced }),
          })),
        ),
        preferUdp: true,
        iceConsentTimeout: CONSENT_TIMEOUT_S,
      });
      made.push(transport);
      const egress = await shared.direct.produce({
        kind: "audio",
        rtpParameters: { codecs: codecParameters(carried), encodings: [{ ssrc }], rtcp: { cname: "legwork" } },
      });
      made.push(egress);
      const toPeer = await transport.consume({ producerId: egress.id, rtpCapabilities: shared.router.rtpCapabilities });
      return new WebRtcWire({ shared, transport, egress, toPeer }, events);
    } catch (error) {
      for (const one of made) one.close();
      shared.release();
      throw error;
    }
  }

  get local(): LocalTransport {
    const { fingerprints } = this.#transport.dtlsParameters;
    const fingerprint = fingerprints.find((f) => f.algorithm === "sha-256") ?? fingerprints[0]!;
    return {
      kind: "webrtc",
      ice: { ufrag: this.#ice.usernameFragment, pwd: this.#ice.password },
      candidates: this.#transport.iceCandidates.map(({ foundation, priority, address, port, protocol }) => ({
        foundation,
        priority,
        ip: address,
        port,
        protocol,
      })),
      fingerprint,
      ssrc: this.#toPeer.rtpParameters.encodings![0]!.ssrc!,
    };
  }

  /** Before our answer is written: new credentials from the peer are an ICE restart (RFC 8839 section 4.4.1.1.1) and get new ones from us. */
  async prepare(remote: RemoteDescription): Promise<void> {
    if (
      remote.transport.kind !== "webrtc" ||
      this.#remote === null ||
      remote.transport.iceUfrag === this.#remote.iceUfrag
    )
      return;
    this.#ice = await this.#transport.restartIce();
    this.#remote = { ...this.#remote, iceUfrag: remote.transport.iceUfrag };
  }

  async agree({ remote, negotiated }: Agreement): Promise<void> {
    const peer = remote.transport;
    if (peer.kind !== "webrtc" || this.#closed) return;
    if (this.#remote === null) {
      await this.#transport.connect({
        dtlsParameters: {
          role: peer.setup === "passive" ? "server" : "client",
          fingerprints: [{ ...peer.fingerprint } as types.DtlsFingerprint],
        },
      });
    }
    this.#remote = peer;
    if (negotiated.peerSends) await this.#receiveFrom(remote, peer);
  }

  send(packet: Uint8Array): void {
    if (!this.#egress.closed) this.#egress.send(Buffer.from(packet.buffer, packet.byteOffset, packet.length));
  }

  adopt(): void {}
  report(): void {}

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#transport.close();
    this.#egress.close();
    this.#shared.release();
  }

  /** mediasoup must know beforehand which stream will come. */
  async #receiveFrom(remote: RemoteDescription, peer: RemoteWebRtc): Promise<void> {
    const mid = remote.lines[remote.audio]!.mid;
    const key = peer.ssrc === null ? `mid ${mid}` : `ssrc ${peer.ssrc}`;
    if (this.#ingress?.key === key) return;
    this.#ingress?.producer.close();
    this.#ingress = null;
    const byMid = peer.ssrc === null && mid !== null && peer.midExtension !== null;
    const producer = await this.#transport.produce({
      kind: "audio",
      rtpParameters: {
        ...(mid === null ? {} : { mid }),
        codecs: codecParameters(this.carried),
        headerExtensions: byMid ? [{ uri: MID_EXTENSION, id: peer.midExtension! }] : [],
        encodings: [peer.ssrc === null ? {} : { ssrc: peer.ssrc }],
      },
    });
    try {
      const consumer = await this.#shared.direct.consume({
        producerId: producer.id,
        rtpCapabilities: this.#shared.router.rtpCapabilities,
      });
      consumer.on("rtp", (packet) => this.#events.packet(packet, ""));
      this.#ingress = { key, producer };
    } catch (error) {
      producer.close();
      throw error;
    }
  }

  #onDtls(state: types.DtlsState): void {
    if (this.#closed) return;
    if (state === "connected") this.#events.up();
    if (state === "failed" || state === "closed") this.#events.lost("dtls");
  }

  #onIce(state: types.IceState): void {
    if (this.#closed || this.#transport.dtlsState !== "connected") return;
    if (state === "disconnected") this.#events.lost("ice");
    if (state === "connected" || state === "completed") this.#events.up();
  }
}
