import { originOf, unsupportedOptions } from "../../domain/screening.js";
import type { Clock } from "../../ports/clock.js";
import { TIMEOUT_MS, type SrfRequest, type SrfResponse } from "./srf-api.js";

/** What a user agent server looks at before anything else (RFC 3261 section 8.2). */
export class Screen {
  readonly #seen = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** True when the request was answered: 420 for an extension we do not know, 482 for a request that is here already (SG-5). */
  stops(req: SrfRequest, res: SrfResponse): boolean {
    const unsupported = unsupportedOptions(req.get("Require"));
    if (unsupported.length > 0) {
      res.send(420, { headers: { Unsupported: unsupported.join(", ") } });
      return true;
    }
    const origin = originOf({
      callId: req.get("Call-ID"),
      cseq: req.get("CSeq"),
      from: req.get("From"),
      to: req.get("To"),
    });
    if (origin === null) return false;
    if (this.#seen.has(origin)) {
      res.send(482, "Loop Detected");
      return true;
    }
    this.#seen.add(origin);
    // One that takes another way is here by then.
    this.clock.after(TIMEOUT_MS, () => this.#seen.delete(origin));
    return false;
  }
}
