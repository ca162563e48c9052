const RING_PAUSE_MS = 3000;
const RING_HZ = [659, 831];
const RING_NOTE_S = 0.18;
const TEST_HZ = 440;
const TEST_S = 0.5;
const LEVEL = 0.08; // of full scale: heard, not startling in a headset

/** An audio context that plays on one device, the system's own for an empty id. */
class Output {
  readonly context = new AudioContext();
  readonly #element: HTMLAudioElement | undefined;
  readonly #into: AudioNode;

  constructor(sinkId: string) {
    if (sinkId === "") {
      this.#into = this.context.destination;
      return;
    }
    // Firefox has no AudioContext.setSinkId; through an element every browser that can choose can.
    const stream = this.context.createMediaStreamDestination();
    this.#into = stream;
    this.#element = new Audio();
    this.#element.srcObject = stream.stream;
    void this.#element
      .setSinkId(sinkId)
      .catch(() => undefined) // unplugged in this moment: on the system's own
      .then(() => this.#element?.play())
      .catch(() => undefined); // no sound is allowed yet
  }

  note(hz: number, at: number, seconds: number): OscillatorNode {
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    oscillator.frequency.value = hz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LEVEL, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
    oscillator.connect(gain).connect(this.#into);
    oscillator.start(at);
    oscillator.stop(at + seconds);
    return oscillator;
  }

  ringOnce(): OscillatorNode {
    const { currentTime } = this.context;
    const notes = RING_HZ.map((hz, index) => this.note(hz, currentTime + index * RING_NOTE_S * 1.3, RING_NOTE_S));
    return notes.at(-1) as OscillatorNode;
  }

  /** To be called while the browser counts a press or a key (HTML 6.4.1). */
  async wake(): Promise<void> {
    await this.context.resume().catch(() => undefined); // closed in this moment
    await this.#element?.play().catch(() => undefined);
  }

  close(): void {
    if (this.#element) {
      this.#element.pause();
      this.#element.srcObject = null;
    }
    void this.context.close();
  }
}

/** A context may begin suspended and run a moment later: only what lasts is worth saying. */
const BLOCKED_AFTER_MS = 500;

/**
 * Rings softly, two notes and a pause, until the returned function is called. Browsers keep it silent until somebody has touched the page
 * (HTML 6.4): that is told, and the first press or key lets it sound.
 */
export function ring(sinkId: string, blockedChanged: (blocked: boolean) => void): () => void {
  const output = new Output(sinkId);
  const { context } = output;
  const stopping = new AbortController();
  const { signal } = stopping;
  const tell = () => blockedChanged(!signal.aborted && context.state === "suspended");
  const wake = () => void output.wake();
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wake, { signal, capture: true });
  output.ringOnce();
  const timer = setInterval(() => output.ringOnce(), RING_PAUSE_MS);
  const first = setTimeout(() => {
    tell();
    context.addEventListener("statechange", tell, { signal });
  }, BLOCKED_AFTER_MS);
  return () => {
    stopping.abort();
    clearInterval(timer);
    clearTimeout(first);
    output.close();
    tell();
  };
}

/** One tone, or the ring once; resolves when it has been played. */
export async function playOnce(what: "tone" | "ring", sinkId: string): Promise<void> {
  const output = new Output(sinkId);
  const last = what === "ring" ? output.ringOnce() : output.note(TEST_HZ, output.context.currentTime, TEST_S);
  await new Promise((resolve) => last.addEventListener("ended", resolve, { once: true }));
  output.close();
}
