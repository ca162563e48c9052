/// <reference lib="dom" />

/** One remote track of the page: its latest sound at 16 kHz, with the time of each frame and whether the page played it. */
export interface TrackSound {
  readonly id: string;
  /** Start of each frame, ms since the epoch. */
  readonly times: readonly number[];
  /** Frames on end, 16-bit little-endian, base64. */
  readonly samples: string;
  /** Samples in each frame. */
  readonly frame: number;
}

/** What the init script leaves in the page for `Agent`. */
export interface PageEar {
  /** Everything that the page played between two times; frames that it did not play are left out. */
  between(fromMs: number, toMs: number): TrackSound[];
  /** Peer connections that the page has made, oldest first. */
  readonly connections: RTCPeerConnection[];
}

declare global {
  interface Window {
    legworkEar: PageEar;
  }
  /** Chromium's own (W3C mediacapture-transform), which TypeScript's DOM types do not have. */
  class MediaStreamTrackProcessor {
    constructor(init: { track: MediaStreamTrack });
    readonly readable: ReadableStream<AudioData>;
  }
}

/**
 * Runs in the page before anything else: an ear beside the page's own. Turns off what alters a steady tone in the
 * microphone, and records every remote track while an unmuted, playing media element of the page carries it.
 * Uses nothing from outside itself: it is sent to the browser as text.
 */
export function installEar(): void {
  const KEPT_FRAMES = 12_000; // two minutes of 10 ms
  const DECIMATION = 3; // 48 kHz to 16 kHz
  const players = new Set<HTMLMediaElement>();
  const recorders: { id: string; times: number[]; frames: Int16Array[] }[] = [];
  const recorded = new WeakSet<MediaStreamTrack>();
  const connections: RTCPeerConnection[] = [];
  const nowMs = (): number => performance.timeOrigin + performance.now();

  const getUserMedia = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (getUserMedia) {
    navigator.mediaDevices.getUserMedia = (constraints) => {
      if (!constraints?.audio) return getUserMedia(constraints);
      const wanted = constraints.audio === true ? {} : constraints.audio;
      const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      return getUserMedia({ ...constraints, audio: { ...wanted, ...plain } });
    };
  }

  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    players.add(this);
    return play.call(this);
  };
  // Elements with `autoplay` start without a call of play().
  document.addEventListener("play", (event) => players.add(event.target as HTMLMediaElement), true);

  const isPlayed = (track: MediaStreamTrack): boolean =>
    [...players].some(
      (player) =>
        !player.paused &&
        !player.muted &&
        player.volume > 0 &&
        player.srcObject instanceof MediaStream &&
        player.srcObject.getTracks().includes(track),
    );

  const record = async (track: MediaStreamTrack): Promise<void> => {
    const recorder = { id: track.id, times: [] as number[], frames: [] as Int16Array[] };
    recorders.push(recorder);
    // Chromium decodes a remote track only while some element plays it; this one is never heard.
    const pump = new Audio();
    pump.muted = true;
    pump.srcObject = new MediaStream([track]);
    void play.call(pump).catch(() => undefined);
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    let offset: number | undefined; // of the frames' own clock, from the first frame on
    for (;;) {
      const { value: data, done } = await reader.read();
      if (done) return;
      offset ??= nowMs() - data.timestamp / 1000;
      // The two clocks drift apart and a stalled source leaves a hole: arrival decides when they differ much.
      if (Math.abs(nowMs() - data.timestamp / 1000 - offset) > 100) offset = nowMs() - data.timestamp / 1000;
      const plane = new Float32Array(data.numberOfFrames);
      data.copyTo(plane, { planeIndex: 0, format: "f32-planar" });
      const time = data.timestamp / 1000 + offset;
      data.close();
      if (!isPlayed(track)) continue;
      const frame = new Int16Array(plane.length / DECIMATION);
      for (let i = 0; i < frame.length; i++) {
        const sum = plane[DECIMATION * i]! + plane[DECIMATION * i + 1]! + plane[DECIMATION * i + 2]!;
        frame[i] = Math.max(-32768, Math.min(32767, Math.round((sum / DECIMATION) * 32767)));
      }
      recorder.times.push(time);
      recorder.frames.push(frame);
      if (recorder.times.length > KEPT_FRAMES) {
        recorder.times.shift();
        recorder.frames.shift();
      }
    }
  };

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
      // Told again whenever the peer, after a hold, sends again: still the same track, and one recorder is one ear.
      this.addEventListener("track", ({ track }) => {
        if (track.kind !== "audio" || recorded.has(track)) return;
        recorded.add(track);
        void record(track);
      });
    }
  };

  const base64 = (frames: Int16Array[]): string => {
    let text = "";
    for (const frame of frames) text += String.fromCharCode(...new Uint8Array(frame.buffer));
    return btoa(text);
  };

  window.legworkEar = {
    connections,
    between: (fromMs, toMs) =>
      recorders.map(({ id, times, frames }) => {
        const first = times.findIndex((time) => time >= fromMs);
        const beyond = times.findIndex((time) => time >= toMs);
        const range = first < 0 ? [0, 0] : [first, beyond < 0 ? times.length : beyond];
        const kept = frames.slice(...range);
        return { id, times: times.slice(...range), samples: base64(kept), frame: kept[0]?.length ?? 0 };
      }),
  };
}
