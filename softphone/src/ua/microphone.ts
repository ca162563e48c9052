import { CallPanelError } from "@legwork/shared/call-panel";
import type { AudioChoice } from "../ports/audio.js";
import { CaptureError, openTrack } from "./capture.js";

/** What sends the microphone's sound on one leg. */
interface Outlet {
  track: MediaStreamTrack;
  replace(track: MediaStreamTrack): Promise<void>;
}

interface Source {
  /** What was asked for: another wish needs another track. */
  readonly wanted: string;
  readonly track: Promise<MediaStreamTrack>;
}

/**
 * One microphone for all legs: opened with the first, closed with the last. Each leg gets a clone of the track, because
 * SIP.js stops a leg's track when the leg ends. Another device, or other processing, is another track on every leg.
 */
export class Microphone {
  #source: Source | undefined;
  readonly #outlets = new Set<Outlet>();
  #muted = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly choice: AudioChoice) {}

  /** Asks for the microphone now, while there is still time to say that there is none. */
  async open(): Promise<void> {
    await this.#track();
  }

  /** A stream for one leg, muted like the others. `replace` is called with the track to send from then on. */
  async stream(replace: Outlet["replace"]): Promise<MediaStream> {
    const outlet = { track: this.#cloneOf(await this.#track()), replace };
    this.#outlets.add(outlet);
    return new MediaStream([outlet.track]);
  }

  /** The leg that sends this track has ended. */
  release(replace: Outlet["replace"]): void {
    for (const outlet of this.#outlets) if (outlet.replace === replace) this.#outlets.delete(outlet);
  }

  /** Of the legs there are, and of those to come. */
  mute(muted: boolean): void {
    this.#muted = muted;
    for (const { track } of this.#outlets) track.enabled = !muted;
  }

  /** Sends from the device that is to be used now, if it is another one or the one in use has gone. */
  follow(): Promise<void> {
    const result = this.#turn.then(() => this.#follow());
    this.#turn = result.catch(() => undefined); // the caller has the error
    return result;
  }

  /** The last leg is gone: let the browser's recording sign go out. */
  close(): void {
    const source = this.#source;
    this.#source = undefined;
    for (const { track } of this.#outlets) track.stop();
    this.#outlets.clear();
    stopWhenOpen(source);
  }

  async #follow(): Promise<void> {
    const before = this.#source;
    if (!before) return;
    const live = await before.track.then(({ readyState }) => readyState === "live").catch(() => false);
    if (this.#source !== before || (live && before.wanted === this.#wanted)) return;
    const source = this.#openSource();
    const track = await source.track; // one that cannot be opened leaves the one before in use
    if (this.#source !== before) return stopWhenOpen(source); // the calls ended meanwhile
    this.#source = source;
    await Promise.all([...this.#outlets].map((outlet) => this.#move(outlet, track)));
    stopWhenOpen(before);
  }

  async #move(outlet: Outlet, track: MediaStreamTrack): Promise<void> {
    outlet.track = this.#cloneOf(track);
    await outlet.replace(outlet.track);
  }

  #cloneOf(track: MediaStreamTrack): MediaStreamTrack {
    const clone = track.clone();
    clone.enabled = !this.#muted;
    return clone;
  }

  get #wanted(): string {
    return JSON.stringify([this.choice.microphoneId, this.choice.processing]);
  }

  #openSource(): Source {
    const track = this.#opened();
    track.catch(() => undefined); // whoever waits for it has the error
    return { wanted: this.#wanted, track };
  }

  async #opened(): Promise<MediaStreamTrack> {
    try {
      const track = await openTrack(this.choice);
      // Unplugged, or no longer allowed. Not told when the page itself stops the track (W3C Media Capture 4.3.1).
      track.addEventListener("ended", () => {
        this.follow().catch(() => this.choice.microphoneLost());
      });
      this.choice.microphoneOpened(null);
      return track;
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.choice.microphoneOpened(error.problem);
      throw new CallPanelError("no-microphone", error.message);
    }
  }

  async #track(): Promise<MediaStreamTrack> {
    this.#source ??= this.#openSource();
    try {
      const track = await this.#source.track;
      if (track.readyState === "live") return track;
      this.#source = this.#openSource(); // unplugged since: the next device, if there is one
      return await this.#source.track;
    } catch (error) {
      this.#source = undefined;
      throw error;
    }
  }
}

function stopWhenOpen(source: Source | undefined): void {
  source?.track.then(
    (track) => track.stop(),
    () => undefined, // it never opened
  );
}
