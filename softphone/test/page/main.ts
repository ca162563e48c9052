import type { CallQuality } from "@legwork/shared/call-panel";
import type { LegView } from "../../src/model/leg-view.js";
import type { PhoneAccount } from "../../src/ports/phone.js";
import { BrowserAudio } from "../../src/ua/browser-audio.js";
import { SipPhone } from "../../src/ua/index.js";

/** What the tests see of the phone. */
interface Seen {
  up: boolean;
  legs: readonly LegView[];
  ringing: { readonly callId: string; readonly from: string } | null;
  accountsAsked: number;
  qualities: readonly CallQuality[];
}

interface Origin {
  readonly protocol: string;
  readonly host: string;
}

/** Why a method of the phone was rejected. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

const opened: RTCPeerConnection[] = [];
const Connection = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Connection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    opened.push(this);
  }
};
const senders = () =>
  opened.filter(({ signalingState }) => signalingState !== "closed").flatMap((each) => each.getSenders());

const seen: Seen = { up: false, legs: [], ringing: null, accountsAsked: 0, qualities: [] };
const audio = new BrowserAudio();
let phone: SipPhone | undefined;

/** The agent's side: the product's own user agent. */
const agent = {
  seen,
  start(account: PhoneAccount, origin: Origin, fresh: PhoneAccount | null): void {
    phone = new SipPhone(
      account,
      origin,
      {
        linkChanged: (up) => void (seen.up = up),
        legsChanged: (legs) => void (seen.legs = legs),
        ringingChanged: (ringing) => void (seen.ringing = ringing),
        qualityChanged: (qualities) => void (seen.qualities = [...qualities.values()]),
        autoAnswerFailed: (error) => console.error(error),
        accountRefused: async () => {
          seen.accountsAsked += 1;
          return fresh;
        },
      },
      audio,
    );
    phone.start();
  },
  /** Runs one of the phone's methods; resolves to null, or to what it was rejected with. */
  async run<Name extends keyof SipPhone>(name: Name, ...args: readonly unknown[]): Promise<Failure | null> {
    try {
      const method = phone?.[name] as unknown as (...given: unknown[]) => Promise<void>;
      await method.apply(phone, [...args]);
      return null;
    } catch (error) {
      return { code: (error as { code?: string }).code ?? "", message: String(error) };
    }
  },
};

const connections = new Map<string, RTCPeerConnection>();

/** The other end of the media: plays a tone and counts what arrives. */
const peer = {
  async offer(id: string): Promise<string> {
    return describe(open(id));
  },
  async accept(id: string, sdp: string): Promise<void> {
    await connections.get(id)?.setRemoteDescription({ type: "answer", sdp });
  },
  async answer(id: string, sdp: string): Promise<string> {
    const connection = connections.get(id) ?? open(id);
    await connection.setRemoteDescription({ type: "offer", sdp });
    return describe(connection);
  },
  async packetsReceived(id: string): Promise<number> {
    const reports = [...((await connections.get(id)?.getStats())?.values() ?? [])] as { type: string }[];
    const inbound = reports.find(({ type }) => type === "inbound-rtp") as { packetsReceived?: number } | undefined;
    return inbound?.packetsReceived ?? 0;
  },
};

function open(id: string): RTCPeerConnection {
  const connection = new RTCPeerConnection();
  connections.set(id, connection);
  const context = new AudioContext();
  const tone = context.createOscillator();
  const output = context.createMediaStreamDestination();
  tone.connect(output);
  tone.start();
  for (const track of output.stream.getTracks()) connection.addTrack(track, output.stream);
  return connection;
}

async function describe(connection: RTCPeerConnection): Promise<string> {
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== "complete") {
    await new Promise((resolve) => connection.addEventListener("icegatheringstatechange", resolve, { once: true }));
  }
  return connection.localDescription?.sdp ?? "";
}

/** How much each audio element of the page has played, in seconds of received sound. */
const played = (): Record<string, number> =>
  Object.fromEntries(
    [...document.querySelectorAll("audio")].map((audio) => [audio.dataset["callId"] ?? "", audio.currentTime]),
  );

/** The tracks that this page sends, of all its connections. */
const sent = (): MediaStreamTrack[] => senders().flatMap(({ track }) => track ?? []);

/** Keeps the keypad tones that the page sends, as they begin (W3C WebRTC 7.3). */
function keepTones(): string[] {
  const tones: string[] = [];
  for (const { dtmf } of senders()) dtmf?.addEventListener("tonechange", ({ tone }) => tones.push(tone));
  return tones;
}
const tones = { sent: [] as string[], keep: () => (tones.sent = keepTones()).length };

const bridge = { agent, peer, played, sent, audio, tones };
export type Bridge = typeof bridge;
Object.assign(window, { bridge });
