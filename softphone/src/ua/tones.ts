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

  close(): void {
    if (this.#element) {
      this.#element.pause();
      this.#element.srcObject = null;
    }
    void this.context.close();
  }
}

/** Rings softly, two notes and a pause, until the returned function is called. Silent where no sound is allowed yet. */
export function ring(sinkId: string): () => void {
  const output = new Output(sinkId);
  output.ringOnce();
  const timer = setInterval(() => output.ringOnce(), RING_PAUSE_MS);
  return () => {
    clearInterval(timer);
    output.close();
  };
}

/** One tone, or the ring once; resolves when it has been played. */
export async function playOnce(what: "tone" | "ring", sinkId: string): Promise<void> {
  const output = new Output(sinkId);
  const last = what === "ring" ? output.ringOnce() : output.note(TEST_HZ, output.context.currentTime, TEST_S);
  await new Promise((resolve) => last.addEventListener("ended", resolve, { once: true }));
  output.close();
}
