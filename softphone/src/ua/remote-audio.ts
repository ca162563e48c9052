/** Plays what one leg receives, in an element of its own. */
export class RemoteAudio {
  readonly #element = document.createElement("audio");

  constructor(callId: string, origin: "incoming" | "outgoing", speakerId: string) {
    this.#element.autoplay = true;
    this.#element.dataset["origin"] = origin;
    this.#element.dataset["callId"] = callId;
    document.body.append(this.#element);
    if (speakerId !== "") this.playOn(speakerId);
  }

  /** An empty id is the system's own device; a device that is gone leaves the sound where it is. */
  playOn(speakerId: string): void {
    if (!("setSinkId" in this.#element) || this.#element.sinkId === speakerId) return;
    this.#element.setSinkId(speakerId).catch(() => undefined);
  }

  play(stream: MediaStream): void {
    if (this.#element.srcObject === stream) return;
    this.#element.srcObject = stream;
    // A track that comes later is not taken up by an element that is already playing.
    stream.addEventListener("addtrack", () => {
      this.#element.load();
      this.#start();
    });
    this.#start();
  }

  close(): void {
    this.#element.pause();
    this.#element.srcObject = null;
    this.#element.remove();
  }

  #start(): void {
    // Rejected while there is no track yet, or before the agent has touched the page: autoplay starts it then.
    this.#element.play().catch(() => undefined);
  }
}
