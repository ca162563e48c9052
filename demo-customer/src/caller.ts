import Srf from "drachtio-srf";
import type { Logger } from "pino";
import type { Config } from "./config.js";
import { audioTargetOf, offerOf } from "./domain/phone-audio.js";
import { Places } from "./domain/places.js";
import { Speaker } from "./speaker.js";

/** One demo customer at a time would be dull, many would be a load test. */
const MAX_CALLS = 5;
/** Nobody is left talking to an empty room overnight. */
const MAX_CALL_MS = 15 * 60_000;

/** Long enough to hear it ring. */
const RING_MS = 2_000;

/** The customer: a SIP user agent of its own that calls a number of the site and speaks, or is called and answers. */
export class Caller {
  readonly #srf = new Srf();
  readonly #calls = new Set<() => void>();
  /** From the INVITE on, sent or received, until the call is over. */
  readonly #places = new Places(MAX_CALLS);
  #connected = false;

  constructor(
    private readonly config: Config,
    private readonly payloads: readonly Uint8Array[],
    private readonly log: Logger,
  ) {
    this.#srf.on("connect", (error: Error | null) => {
      this.#connected = !error;
    });
    this.#srf.on("error", () => {
      this.#connected = false; // drachtio-srf tries again by itself
    });
    this.#srf.invite((req, res) => void this.#answer(req, res));
    void this.#srf.connect(config.engine);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Calls a number of the site; false when as many calls as there may be are going on. */
  call(number: string): boolean {
    const release = this.#places.take();
    if (release) void this.#call(number, release);
    return release !== null;
  }

  async #call(number: string, release: () => void): Promise<void> {
    const host = this.config.address;
    const { address, port } = this.config.target;
    const uri = `sip:${number}@${address}:${port}`;
    let speaker: Speaker | undefined;
    try {
      speaker = await Speaker.open(host, this.payloads);
      const dialog = await this.#srf.createUAC(uri, {
        localSdp: offerOf(host, speaker.port),
        headers: { From: `"Anne Holm" <sip:+4722334455@${host}>`, To: `<${uri}>` },
      });
      this.#speak(dialog, speaker, dialog.remote.sdp, release);
      this.log.info({ number }, "the demo customer is through");
    } catch (error) {
      speaker?.close();
      release();
      this.log.warn({ number, error }, "the demo customer was not let in");
    }
  }

  /** Whatever number the product calls: it rings, and somebody speaks. Nobody else is answered. */
  async #answer(req: Srf.SrfRequest, res: Srf.SrfResponse): Promise<void> {
    const { address, port } = this.config.target;
    if (req.source_address !== address || Number(req.source_port) !== port) return void res.send(403);
    const release = this.#places.take();
    if (!release) return void res.send(486);
    let cancelled = false;
    req.on("cancel", () => {
      cancelled = true;
    });
    res.send(180);
    const host = this.config.address;
    let speaker: Speaker | undefined;
    try {
      [speaker] = await Promise.all([
        Speaker.open(host, this.payloads),
        new Promise((resolve) => setTimeout(resolve, RING_MS)),
      ]);
      if (cancelled) throw new Error("the caller hung up");
      const dialog = await this.#srf.createUAS(req, res, { localSdp: offerOf(host, speaker.port) });
      this.#speak(dialog, speaker, req.body, release);
      this.log.info({}, "the demo customer has answered");
    } catch (error) {
      speaker?.close();
      release();
      this.log.warn({ error }, "the demo customer did not answer");
    }
  }

  /** Until either side hangs up. */
  #speak(dialog: Srf.Dialog, speaker: Speaker, remoteSdp: string, release: () => void): void {
    const hangUp = (): void => {
      void dialog.destroy();
      over();
    };
    const timer = setTimeout(hangUp, MAX_CALL_MS);
    const over = (): void => {
      clearTimeout(timer);
      speaker.close();
      this.#calls.delete(hangUp);
      release();
      this.log.info({}, "the demo customer's call is over");
    };
    this.#calls.add(hangUp);
    dialog.on("destroy", over);
    const target = audioTargetOf(remoteSdp);
    if (target) speaker.speakTo(target);
  }

  /** Hangs up. The connection to the engine ends with the process: drachtio-srf trips over what still arrives after its `disconnect`. */
  hangUpAll(): void {
    for (const hangUp of [...this.#calls]) hangUp();
  }
}
