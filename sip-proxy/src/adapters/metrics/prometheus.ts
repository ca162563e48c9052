import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Metrics } from "../../ports/metrics.js";

/** Metrics in the text format of Prometheus. */
export interface PrometheusMetrics extends Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

/** A registry of its own: nothing is shared with whatever else runs in this process. */
export function prometheusMetrics(): PrometheusMetrics {
  const registers = [new Registry()];
  const registry = registers[0]!;
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `legwork_${name}`, help, labelNames, registers });
  const refused = counter("sip_refused_total", "SIP requests refused, by method and reason", ["method", "reason"]);
  const registrations = counter("registrations_total", "What became of contacts", ["what"]);
  const subscriptions = counter("subscriptions_total", "Subscriptions of lamps, by event package", ["event", "what"]);
  const signIns = counter("sign_ins_total", "Sign-ins to desktops", ["outcome"]);
  const interactions = counter("interactions_total", "Interactions", ["what"]);
  const presences = counter("expert_presences_total", "Experts' presence, told by another system", ["outcome"]);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    sipRefused: (method, reason) => refused.inc({ method, reason }),
    registration: (what) => registrations.inc({ what }),
    subscription: (event, what) => subscriptions.inc({ event, what }),
    signIn: (outcome) => signIns.inc({ outcome }),
    interaction: (what) => interactions.inc({ what }),
    expertPresence: (outcome) => presences.inc({ outcome }),
    gauge: (name, help, label, read) =>
      void new Gauge({
        name: `legwork_${name}`,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const [value, count] of Object.entries(read())) this.set({ [label]: value }, count);
        },
      }),
  };
}
