import Srf from "drachtio-srf";
import type { Log } from "../../ports/log.js";
import type { SrfApi } from "./srf-api.js";

export interface EngineOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

/** The connection to the SIP engine (or drachtio-server). drachtio-srf connects again by itself after a loss. */
export class Engine {
  readonly srf: SrfApi;
  #connected = false;

  constructor(
    private readonly options: EngineOptions,
    private readonly log: Log,
    /** The connection is gone, and with it every dialog that was bound to it. */
    private readonly lost: () => void,
  ) {
    this.srf = new Srf() as unknown as SrfApi;
    this.srf.on("connect", (error: unknown, hostports: unknown) => {
      this.#connected = !error;
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
