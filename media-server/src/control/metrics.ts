import type { MediaDump } from "@legwork/shared/control";

/** Counters of the control server. */
export class Metrics {
  readonly #counters = new Map<string, Map<string, number>>();

  count(name: string, label: string): void {
    const counter = this.#counters.get(name) ?? new Map<string, number>();
    this.#counters.set(name, counter);
    counter.set(label, (counter.get(label) ?? 0) + 1);
  }

  get(name: string): ReadonlyMap<string, number> {
    return this.#counters.get(name) ?? new Map<string, number>();
  }
}

/** The state of the process in the Prometheus text format. */
export function metricsText(dump: MediaDump, metrics: Metrics): string {
  const lines: string[] = [];
  const legs = dump.threads.flatMap((t) => t.legs);
  const byPath = new Map<string, number>();
  for (const leg of legs) byPath.set(leg.path, (byPath.get(leg.path) ?? 0) + 1);
  gauge(lines, "legwork_media_legs", "Open legs by how their outgoing stream is made.", "path", byPath);
  const sum = (pick: (leg: (typeof legs)[number]) => number): number =>
    legs.reduce((total, leg) => total + pick(leg), 0);
  gauge(lines, "legwork_media_open_legs_packets", "Packets of the legs open now.", "direction", new Map([["in", sum((l) => l.packetsIn)], ["out", sum((l) => l.packetsOut)]])); // prettier-ignore
  const drops = new Map<string, number>();
  for (const leg of legs)
    for (const [why, n] of Object.entries(leg.packetsDropped)) drops.set(why, (drops.get(why) ?? 0) + n);
  gauge(lines, "legwork_media_open_legs_drops", "Packets not passed on, of the legs open now.", "reason", drops);
  const objects = [
    "routers",
    "webRtcTransports",
    "directTransports",
    "producers",
    "consumers",
    "sockets",
    "timers",
  ] as const;
  gauge(lines, "legwork_media_objects", "What the media threads hold.", "kind", new Map(objects.map((kind) => [kind, dump.threads.reduce((n, t) => n + t[kind], 0)]))); // prettier-ignore
  for (const name of ["requests", "events"]) {
    lines.push(
      `# HELP legwork_media_control_${name}_total Control protocol, since the start.`,
      `# TYPE legwork_media_control_${name}_total counter`,
    );
    for (const [label, n] of metrics.get(name)) {
      const [type, result] = label.split(" ");
      lines.push(
        `legwork_media_control_${name}_total{type="${type}"${result === undefined ? "" : `,result="${result}"`}} ${n}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

function gauge(lines: string[], name: string, help: string, label: string, values: ReadonlyMap<string, number>): void {
  lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`);
  for (const [value, n] of values) lines.push(`${name}{${label}="${value}"} ${n}`);
}
