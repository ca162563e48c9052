import { CallPanelError } from "@legwork/shared/call-panel";

const CONSTRAINTS: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

/**
 * One microphone for all legs: opened with the first, closed with the last. Each leg gets a clone of the track, because
 * SIP.js stops a leg's track when the leg ends.
 */
export class Microphone {
  #source: Promise<MediaStreamTrack> | undefined;
  readonly #clones = new Set<MediaStreamTrack>();
  #muted = false;

  /** Asks for the microphone now, while there is still time to say that there is none. */
  async open(): Promise<void> {
    await this.#track();
  }

  /** A stream for one leg, muted like the others. */
  async stream(): Promise<MediaStream> {
    const track = (await this.#track()).clone();
    track.enabled = !this.#muted;
    this.#clones.add(track);
    return new MediaStream([track]);
  }

  mute(muted: boolean): void {
    this.#muted = muted;
    for (const track of this.#clones) track.enabled = !muted;
  }

  /** The last leg is gone: let the browser's recording sign go out. */
  close(): void {
    const source = this.#source;
    this.#source = undefined;
    this.#muted = false;
    for (const track of this.#clones) track.stop();
    this.#clones.clear();
    source?.then(
      (track) => track.stop(),
      () => undefined, // it never opened
    );
  }

  async #track(): Promise<MediaStreamTrack> {
    this.#source ??= openMicrophone();
    try {
      const track = await this.#source;
      if (track.readyState === "live") return track;
      this.#source = openMicrophone(); // unplugged since: the next device, if there is one
      return await this.#source;
    } catch (error) {
      this.#source = undefined;
      throw error;
    }
  }
}

async function openMicrophone(): Promise<MediaStreamTrack> {
  // Outside a secure context (https or localhost) a browser has no mediaDevices at all.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new CallPanelError("no-microphone", "the page needs https to use the microphone");
  try {
    const [track] = (await devices.getUserMedia(CONSTRAINTS)).getAudioTracks();
    if (track) return track;
  } catch (error) {
    throw new CallPanelError("no-microphone", error instanceof Error ? error.name : String(error));
  }
  throw new CallPanelError("no-microphone", "the device has no audio track");
}
