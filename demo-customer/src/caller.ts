import Srf from "drachtio-srf";
import type { Logger } from "pino";
import type { Config } from "./config.js";
import { audioTargetOf, offerOf } from "./domain/phone-audio.js";
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

  get busy(): boolean {
    return this.#calls.size >= MAX_CALLS;
  }

  /** Resolves when the call was answered or refused. */
  async call(number: string): Promise<void> {
    const host = this.config.address;
    const speaker = await Speaker.open(host, this.payloads);
    const uri = this.config.target.replace(/^sip:/, `sip:${number}@`);
    try {
      const dialog = await this.#srf.createUAC(uri, {
        localSdp: offerOf(host, speaker.port),
        headers: { From: `"Anne Holm" <sip:+4722334455@${host}>`, To: `<${uri}>` },
      });
      this.#speak(dialog, speaker, dialog.remote.sdp);
      this.log.info({ number }, "the demo customer is through");
    } catch (error) {
      speaker.close();
      this.log.warn({ number, error: (error as Error).message }, "the demo customer was not let in");
    }
  }

  /** Whatever number is called: it rings, and somebody speaks. */
  async #answer(req: Srf.SrfRequest, res: Srf.SrfResponse): Promise<void> {
    if (this.busy) return void res.send(486);
    let cancelled = false;
    req.on("cancel", () => {
      cancelled = true;
    });
    res.send(180);
    const host = this.config.address;
    const [speaker] = await Promise.all([
      Speaker.open(host, this.payloads),
      new Promise((resolve) => setTimeout(resolve, RING_MS)),
    ]);
    if (cancelled) return speaker.close();
    try {
      const dialog = await this.#srf.createUAS(req, res, { localSdp: offerOf(host, speaker.port) });
      this.#speak(dialog, speaker, req.body);
      this.log.info({}, "the demo customer has answered");
    } catch (error) {
      speaker.close();
      this.log.warn({ error: (error as Error).message }, "the demo customer could not answer");
    }
  }

  /** Until either side hangs up. */
  #speak(dialog: Srf.Dialog, speaker: Speaker, remoteSdp: string): void {
    const hangUp = (): void => {
      void dialog.destroy();
      over();
    };
    const timer = setTimeout(hangUp, MAX_CALL_MS);
    const over = (): void => {
      clearTimeout(timer);
      speaker.close();
      this.#calls.delete(hangUp);
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
