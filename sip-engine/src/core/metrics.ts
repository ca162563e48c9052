/** Counters with closed label sets; written in Prometheus text form. */
export class Metrics {
  readonly #counters = new Map<string, number>();

  /** Adds one to a counter; `label` is `key="value"` text or empty. */
  count(name: string, label = ""): void {
    const key = label === "" ? name : `${name}{${label}}`;
    this.#counters.set(key, (this.#counters.get(key) ?? 0) + 1);
  }

  /** A SIP message received or sent: by method for requests, by status class for responses. */
  message(direction: "in" | "out", startLine: string): void {
    if (startLine.startsWith("SIP/2.0 ")) {
      this.count("sip_responses_total", `direction="${direction}",class="${startLine[8] ?? "0"}xx"`);
      return;
    }
    const method = startLine.slice(0, Math.max(0, startLine.indexOf(" ")));
    const known = METHODS.has(method) ? method : "other";
    this.count("sip_requests_total", `direction="${direction}",method="${known}"`);
  }

  /** Something received that was not acted upon, by closed set of reasons. */
  dropped(reason: DropReason): void {
    this.count("sip_dropped_total", `reason="${reason}"`);
  }

  value(key: string): number {
    return this.#counters.get(key) ?? 0;
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries([...this.#counters].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  toString(): string {
    return [...this.#counters]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key} ${value}\n`)
      .join("");
  }
}

export type DropReason =
  "empty" | "garbage" | "malformed-request" | "malformed-response" | "stray-response" | "stray-ack";

/** Methods with a meaning in some RFC; everything else is answered 501 unless an app routes it. */
export const METHODS: ReadonlySet<string> = new Set(
  "INVITE ACK BYE CANCEL OPTIONS REGISTER PRACK SUBSCRIBE NOTIFY PUBLISH INFO REFER MESSAGE UPDATE".split(" "),
);
