import { type Session, Web } from "sip.js";
import type { QualitySample } from "../model/quality.js";
import type { Microphone } from "./microphone.js";
import { sampleOf } from "./statistics.js";

// All candidates are local (no STUN, the server is reachable): gathering ends by itself at once, this is for odd networks.
const ICE_GATHERING_TIMEOUT_MS = 500;

/**
 * The browser's peer connection for one leg. SIP.js derives the direction of an offer from the last one, so a leg that
 * once answered `recvonly` could never un-hold: here an offer says what is wanted, whatever was before.
 */
export class MediaHandler extends Web.SessionDescriptionHandler {
  /** Called when the connection has been closed. */
  onClosed = (): void => undefined;

  override close(): void {
    super.close();
    this.onClosed();
  }

  /** Sends this track from now on; nothing is negotiated (W3C WebRTC 5.2, replaceTrack). */
  readonly sendTrack = async (track: MediaStreamTrack): Promise<void> => {
    if (this._peerConnection) await this.setLocalMediaStream(new MediaStream([track]));
    else track.stop();
  };

  protected override updateDirection(options?: Web.SessionDescriptionHandlerOptions): Promise<void> {
    const connection = this._peerConnection;
    if (connection?.signalingState !== "stable") return super.updateDirection(options);
    for (const transceiver of connection.getTransceivers()) {
      if (transceiver.direction !== "stopped") transceiver.direction = options?.hold ? "sendonly" : "sendrecv";
    }
    return Promise.resolve();
  }

  /** SIP.js calls this when its re-INVITE was refused, and has none of its own: the next offer would fail. */
  async rollbackDescription(): Promise<void> {
    const connection = this._peerConnection;
    if (connection?.signalingState === "have-local-offer") await connection.setLocalDescription({ type: "rollback" });
    if (connection?.signalingState === "have-remote-offer") await connection.setRemoteDescription({ type: "rollback" });
  }

  async statistics(): Promise<QualitySample | null> {
    const stats = await this._peerConnection?.getStats();
    return stats ? sampleOf(stats) : null;
  }

  /** After those that wait to be sent: to insert tones takes the place of the rest (W3C WebRTC 7.2). False where none can be sent. */
  insertDigits(digits: string): boolean {
    const dtmf = this._peerConnection?.getSenders()[0]?.dtmf;
    if (!dtmf?.canInsertDTMF) return false;
    dtmf.insertDTMF(dtmf.toneBuffer + digits);
    return true;
  }
}

/** Makes the handler of each leg, all with the one microphone. */
export function mediaHandlerFactory(microphone: Microphone) {
  return (session: Session): MediaHandler => {
    const logger = session.userAgent.getLogger("sip.SessionDescriptionHandler");
    const handler: MediaHandler = new MediaHandler(logger, () => microphone.stream(handler.sendTrack), {
      iceGatheringTimeout: ICE_GATHERING_TIMEOUT_MS,
      peerConnectionConfiguration: { iceServers: [] },
    });
    handler.onClosed = () => microphone.release(handler.sendTrack);
    return handler;
  };
}
