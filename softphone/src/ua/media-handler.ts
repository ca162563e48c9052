import { type Session, Web } from "sip.js";
import type { Microphone } from "./microphone.js";

// All candidates are local (no STUN, the server is reachable): gathering ends by itself at once, this is for odd networks.
const ICE_GATHERING_TIMEOUT_MS = 500;

/**
 * The browser's peer connection for one leg. SIP.js derives the direction of an offer from the last one, so a leg that
 * once answered `recvonly` could never un-hold: here an offer says what is wanted, whatever was before.
 */
export class MediaHandler extends Web.SessionDescriptionHandler {
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

  get canSendDigits(): boolean {
    return this._peerConnection?.getSenders()[0]?.dtmf?.canInsertDTMF ?? false;
  }
}

/** Makes the handler of each leg, all with the one microphone. */
export function mediaHandlerFactory(microphone: Microphone) {
  return (session: Session): MediaHandler =>
    new MediaHandler(session.userAgent.getLogger("sip.SessionDescriptionHandler"), () => microphone.stream(), {
      iceGatheringTimeout: ICE_GATHERING_TIMEOUT_MS,
      peerConnectionConfiguration: { iceServers: [] },
    });
}
