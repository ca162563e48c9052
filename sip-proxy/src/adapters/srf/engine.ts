import Srf from "drachtio-srf";
import type { Log } from "../../ports/log.js";
import type { SrfApi, SrfRequest } from "./srf-api.js";

export interface EngineOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

/** One of the engine's listening sockets. */
export interface Listener {
  readonly transport: string; // as in a Via, in lower case
  readonly host: string;
  readonly port: number;
}

/** The connection to the SIP engine (or drachtio-server). drachtio-srf connects again by itself after a loss. */
export class Engine {
  readonly srf: SrfApi;
  #connected = false;
  /** Where it listens, and where it says to others that it does. */
  #listeners: readonly Listener[] = [];

  constructor(
    private readonly options: EngineOptions,
    private readonly log: Log,
    /** The connection is gone, and with it every dialog that was bound to it. */
    private readonly lost: () => void,
  ) {
    this.srf = new Srf() as unknown as SrfApi;
    this.srf.on("connect", (error: unknown, hostports: unknown, _version: unknown, local: unknown) => {
      this.#connected = !error;
      this.#listeners = [hostports, local].flatMap(listenersOf);
      if (error) this.log.error({ error }, "the SIP engine refused us");
      else this.log.info({ hostports }, "connected to the SIP engine");
    });
    this.srf.on("disconnect", () => this.#lost());
    this.srf.on("error", (error: unknown) => {
      this.#lost();
      this.log.warn({ error }, "no connection to the SIP engine; trying again");
    });
  }

  get connected(): boolean {
    return this.#connected;
  }

  get listeners(): readonly Listener[] {
    return this.#listeners;
  }

  /**
   * From a browser. The protocol tells a WebSocket as TCP, and a Via is what the sender likes: what counts is the port it came in on. Inside a dialog
   * that is not told, and the Via has to do.
   */
  readonly isWebSocket = (req: SrfRequest): boolean => {
    if (req.receivedOn === undefined) return /^SIP\/2\.0\/WSS?\s/i.test(req.get("Via") ?? "");
    const port = Number(/:(\d+)$/.exec(req.receivedOn)?.[1]);
    return this.#listeners.some((one) => one.transport.startsWith("ws") && one.port === port);
  };

  connect(): void {
    this.srf.connect(this.options);
  }

  close(): void {
    try {
      this.srf.disconnect();
    } catch {
      this.log.debug({}, "there was no connection to close"); // drachtio-srf insists on one
    }
  }

  #lost(): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.log.error({}, "the SIP engine is gone, and every call with it");
    this.lost();
  }
}

/** `udp/192.0.2.1:5060,tcp/192.0.2.1:5060` */
const listenersOf = (hostports: unknown): readonly Listener[] =>
  typeof hostports === "string"
    ? [...hostports.matchAll(/(\w+)\/([^,/]+):(\d+)/g)].map(([, transport = "", host = "", port]) => ({
        transport: transport.toLowerCase(),
        host: host.toLowerCase(),
        port: Number(port),
      }))
    : [];
