import type { Desktop, Notice, SessionEnd } from "@legwork/shared/api";
import { retryWaitMs } from "../model/waits.js";
import { isDesktop, isNotice, parseJson, sessionEndIn } from "./decode.js";
import { type StreamMessage, StreamParser } from "./event-stream.js";

/** What the event stream tells. */
export interface StreamListener {
  linkChanged(up: boolean): void;
  desktop(desktop: Desktop): void;
  notice(notice: Notice): void;
  /** There is no session any more; undefined: the server does not know why. Nothing comes after it. */
  signedOut(ended: SessionEnd | undefined): void;
}

/** The server sends at least a comment every 15 s: after this long without a byte nobody is at the other end any more. */
const SILENCE_MS = 35_000;

const nothing = (): void => undefined;

/**
 * GET /api/events, opened again with back-off whenever it breaks, from the last event on. By fetch, because EventSource
 * gives up for good on an HTTP error, and cannot say what it saw last when a new one takes over.
 */
export class EventStream {
  readonly #parser = new StreamParser();
  readonly #stop = new AbortController();
  #hurry = nothing;
  #giveUp = nothing;
  #attempt = 0;

  /** `base`: path of this page's origin below which the API is; empty for its root. */
  constructor(
    private readonly base: string,
    private readonly listener: StreamListener,
    private readonly silenceMs = SILENCE_MS,
  ) {}

  start(): void {
    window.addEventListener("online", () => this.#anew(), { signal: this.#stop.signal });
    void this.#run();
  }

  stop(): void {
    this.#stop.abort();
    this.#anew();
  }

  /** A connection from before may be dead without a word: with the network back it is opened anew at once. */
  #anew(): void {
    this.#giveUp();
    this.#hurry();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#read();
      } catch {
        // Broken off or not reachable: both are told by linkChanged and tried again.
      }
      if (this.#stop.signal.aborted) return;
      this.listener.linkChanged(false);
      this.#parser.restart();
      await this.#wait(retryWaitMs(this.#attempt++, Math.random()));
    }
  }

  /** Reads until the stream ends, or nothing comes any more. */
  async #read(): Promise<void> {
    const reading = new AbortController();
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => reading.abort(), this.silenceMs);
    };
    this.#giveUp = () => reading.abort();
    try {
      heard();
      const response = await this.#request(reading.signal);
      if (response.status === 401) return this.#ended(parseJson(await response.text()));
      if (!response.ok || !response.body) return;
      this.#attempt = 0;
      this.listener.linkChanged(true);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        heard();
        for (const message of this.#parser.push(chunk.value)) this.#deliver(message);
      }
    } finally {
      clearTimeout(silence);
      this.#giveUp = nothing;
    }
  }

  #request(signal: AbortSignal): Promise<Response> {
    const { lastId } = this.#parser;
    return fetch(`${this.base}/api/events`, {
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: "text/event-stream", ...(lastId && { "Last-Event-ID": lastId }) },
      signal,
    });
  }

  #deliver({ event, data }: StreamMessage): void {
    const value = parseJson(data);
    if (event === "desktop" && isDesktop(value)) this.listener.desktop(value);
    else if (event === "notice" && isNotice(value)) this.listener.notice(value);
    else if (event === "end") this.#ended(value);
  }

  /** The same word stands in the stream's last event and in the error that answers a request after it. */
  #ended(value: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.stop();
    this.listener.signedOut(sessionEndIn(value));
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
