import type { Desktop, Notice } from "@legwork/shared/api";
import { retryWaitMs } from "../model/waits.js";
import { isDesktop, isNotice, parseJson } from "./decode.js";
import { type StreamMessage, StreamParser } from "./event-stream.js";

/** What the event stream tells. */
export interface StreamListener {
  linkChanged(up: boolean): void;
  desktop(desktop: Desktop): void;
  notice(notice: Notice): void;
  /** The server does not know the session any more. */
  signedOut(): void;
}

/**
 * GET /api/events, opened again with back-off whenever it breaks, from the last event on. By fetch, because EventSource
 * gives up for good on an HTTP error, and cannot say what it saw last when a new one takes over.
 */
export class EventStream {
  readonly #parser = new StreamParser();
  readonly #stop = new AbortController();
  #hurry: () => void = () => undefined;
  #attempt = 0;

  /** `base`: path of this page's origin below which the API is; empty for its root. */
  constructor(
    private readonly base: string,
    private readonly listener: StreamListener,
  ) {}

  start(): void {
    window.addEventListener("online", () => this.#hurry(), { signal: this.#stop.signal });
    void this.#run();
  }

  stop(): void {
    this.#stop.abort();
    this.#hurry();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        if ((await this.#read()) === 401) return this.listener.signedOut();
      } catch {
        // Broken off or not reachable: both are told by linkChanged and tried again.
      }
      if (this.#stop.signal.aborted) return;
      this.listener.linkChanged(false);
      this.#parser.restart();
      await this.#wait(retryWaitMs(this.#attempt++, Math.random()));
    }
  }

  /** Reads until the stream ends; resolves with the HTTP status. */
  async #read(): Promise<number> {
    const { lastId } = this.#parser;
    const response = await fetch(`${this.base}/api/events`, {
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: "text/event-stream", ...(lastId && { "Last-Event-ID": lastId }) },
      signal: this.#stop.signal,
    });
    if (!response.ok || !response.body) return response.status;
    this.#attempt = 0;
    this.listener.linkChanged(true);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      for (const message of this.#parser.push(chunk.value)) this.#deliver(message);
    }
    return response.status;
  }

  #deliver({ event, data }: StreamMessage): void {
    const value = parseJson(data);
    if (event === "desktop" && isDesktop(value)) this.listener.desktop(value);
    else if (event === "notice" && isNotice(value)) this.listener.notice(value);
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
