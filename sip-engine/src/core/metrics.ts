/** Counters with closed label sets; written in Prometheus text form. */
export class Metrics {
  readonly #counters = new Map<string, number>();

  /** Adds one to a counter; `label` is `key="value"` text or empty. */
  count(name: string, label = ""): void {
    this.#add(label === "" ? name : `${name}{${label}}`);
  }

  #add(key: string): void {
    this.#counters.set(key, (this.#counters.get(key) ?? 0) + 1);
  }

  /** A SIP message received or sent: by method for requests, by status class for responses. */
  message(direction: "in" | "out", startLine: string): void {
    const { responses, requests, other } = MESSAGES[direction];
    if (startLine.startsWith("SIP/2.0 ")) return this.#add(responses[Number(startLine[8])] ?? other);
    this.#add(requests.get(startLine.slice(0, Math.max(0, startLine.indexOf(" ")))) ?? other);
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

/** Names of the counters of messages: made once, for putting them together costs more than counting. */
const MESSAGES = { in: messageCounters("in"), out: messageCounters("out") };

function messageCounters(direction: string): {
  readonly responses: readonly string[];
  readonly requests: ReadonlyMap<string, string>;
  readonly other: string;
} {
  const request = (method: string): string => `sip_requests_total{direction="${direction}",method="${method}"}`;
  return {
    responses: [0, 1, 2, 3, 4, 5, 6].map(
      (hundred) => `sip_responses_total{direction="${direction}",class="${hundred}xx"}`,
    ),
    requests: new Map([...METHODS].map((method) => [method, request(method)])),
    other: request("other"),
  };
}
