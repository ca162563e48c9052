// What a page holds, loads and needs for a click, as the browser itself tells through the Chrome DevTools protocol.
import type { CDPSession, Page } from "playwright-core";

/** What is alive in the page after garbage has been collected. */
export interface Held {
  /** JavaScript heap in MB. */
  readonly heap: number;
  /** DOM nodes, and how many of them hang in no document. */
  readonly nodes: number;
  readonly detached: number;
  readonly listeners: number;
  /** Objects by their constructor's name. */
  readonly objects: ReadonlyMap<string, number>;
}

/** Something that the page has loaded. */
export interface Loaded {
  readonly path: string;
  /** CDP's resource type: Document, Script, Stylesheet, Fetch, … */
  readonly type: string;
  /** As sent over the network, headers included. */
  readonly wireBytes: number;
  /** As the page sees it, decompressed. */
  readonly bytes: number;
}

/** What counts alive objects of these constructors. */
const WATCHED = ["RTCPeerConnection", "AudioContext", "MediaStreamTrack", "HTMLAudioElement", "WebSocket"];
/** One collection finds what the finalizers of the one before have let go. */
const COLLECTIONS = 3;

/** Attached to a page before it is opened. */
export class PageMeter {
  readonly loaded: Loaded[] = [];
  readonly #requests = new Map<string, { path: string; type: string; bytes: number }>();

  private constructor(private readonly cdp: CDPSession) {
    cdp.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
      this.#requests.set(requestId, { path: new URL(request.url).pathname, type: type ?? "Other", bytes: 0 });
    });
    cdp.on("Network.dataReceived", ({ requestId, dataLength }) => {
      const request = this.#requests.get(requestId);
      if (request) request.bytes += dataLength;
    });
    cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const request = this.#requests.get(requestId);
      this.#requests.delete(requestId);
      if (request) this.loaded.push({ ...request, wireBytes: encodedDataLength });
    });
  }

  static async of(page: Page): Promise<PageMeter> {
    const cdp = await page.context().newCDPSession(page);
    const meter = new PageMeter(cdp);
    await cdp.send("Network.enable");
    return meter;
  }

  async held(): Promise<Held> {
    for (let i = 0; i < COLLECTIONS; i++) await this.cdp.send("HeapProfiler.collectGarbage");
    const { usedSize } = await this.cdp.send("Runtime.getHeapUsage");
    const { nodes, jsEventListeners } = await this.cdp.send("Memory.getDOMCounters");
    const objects = new Map<string, number>();
    for (const name of WATCHED) objects.set(name, await this.#alive(name));
    const detached = nodes - (await this.#shown());
    return { heap: usedSize / 1e6, nodes, detached, listeners: jsEventListeners, objects };
  }

  /** Nodes of the page's document. */
  async #shown(): Promise<number> {
    const expression = `(() => {
      const walker = document.createTreeWalker(document);
      let count = 1;
      while (walker.nextNode()) count += 1;
      return count;
    })()`;
    return (await this.cdp.send("Runtime.evaluate", { expression })).result.value as number;
  }

  async #alive(name: string): Promise<number> {
    const objectGroup = "meter";
    const { result } = await this.cdp.send("Runtime.evaluate", { expression: `${name}.prototype`, objectGroup });
    const { objects } = await this.cdp.send("Runtime.queryObjects", {
      prototypeObjectId: result.objectId!,
      objectGroup,
    });
    const { result: length } = await this.cdp.send("Runtime.callFunctionOn", {
      objectId: objects.objectId!,
      functionDeclaration: "function () { return this.length; }",
    });
    await this.cdp.send("Runtime.releaseObjectGroup", { objectGroup });
    return length.value as number;
  }
}
