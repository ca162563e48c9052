/** Every counter, with what Prometheus is told of it. */
const COUNTERS = {
  internal_errors_total: "Exceptions nobody expected: each is a bug and is in the log.",
  sip_dropped_total: "Messages not acted upon, by reason.",
  sip_failovers_total: "Requests sent to a further server of their target, by what the last one did.",
  sip_parse_errors_total: "Requests that could not be read, by problem.",
  sip_refused_total: "Datagrams dropped and connections closed for exceeding a limit, by reason.",
  sip_requests_total: "SIP requests, by direction and method.",
  sip_responses_total: "SIP responses, by direction and status class.",
  sip_route_questions_total: "Questions to a web server about new requests, by result.",
  sip_server_transaction_failures_total: "Final responses that were not acknowledged or not delivered, by cause.",
  sip_sessions_expired_total: "Calls ended because their session was not refreshed.",
  sip_transport_events_total: "Keep-alives answered, and bytes and sockets lost, by event.",
  sip_unanswered_total: "Requests an app never answered.",
  sip_unmatched_prack_total: "PRACKs that acknowledge nothing.",
  sip_unrouted_total: "New requests no app had asked for.",
};

export type CounterName = keyof typeof COUNTERS;

/** What is alive now: one number for each label, `key="value"` text or empty. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly values: ReadonlyMap<string, number>;
}

/** Counters with closed label sets; written in Prometheus text form. */
export class Metrics {
  readonly #counters = new Map<string, number>();

  /** Adds one to a counter; `label` is `key="value"` text or empty. */
  count(name: CounterName, label = ""): void {
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

  /** All counters, and these gauges, as Prometheus reads them. */
  exposition(gauges: readonly Gauge[]): string {
    const sorted = [...this.#counters].sort(([a], [b]) => (a < b ? -1 : 1));
    const counters = Object.entries(COUNTERS).map(([name, help]) => {
      const own = sorted.filter(([key]) => key === name || key.startsWith(`${name}{`));
      return family(
        name,
        help,
        "counter",
        own.map(([key, value]) => `${key} ${value}`),
      );
    });
    const others = gauges.map(({ name, help, values }) => {
      const lines = [...values].map(([label, value]) => `${name}${label === "" ? "" : `{${label}}`} ${value}`);
      return family(name, help, "gauge", lines);
    });
    return [...counters, ...others].join("");
  }
}

function family(name: string, help: string, type: string, lines: readonly string[]): string {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
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
