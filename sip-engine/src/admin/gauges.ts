import type { Engine } from "../core/engine.js";
import type { Gauge } from "../core/metrics.js";
import type { Flow } from "../core/ports.js";

const ALIVE: Readonly<Record<string, readonly [name: string, help: string]>> = {
  clientTransactions: ["sip_client_transactions", "Client transactions, those kept for repetitions included."],
  serverTransactions: ["sip_server_transactions", "Server transactions, those kept for repetitions included."],
  clientRequests: ["sip_client_requests", "Requests of apps that are being carried out."],
  serverRequests: ["sip_server_requests", "Requests of the network that an app has not answered."],
  proxied: ["sip_proxied_requests", "Requests being proxied."],
  timers: ["sip_timers", "Running timers."],
};

/** What is alive in an engine now, for Prometheus. */
export function gaugesOf(engine: Engine, connections: readonly Flow[]): Gauge[] {
  const counts = engine.counts();
  const { dialogs, apps } = engine.context;
  const tally = (labels: Iterable<string>): ReadonlyMap<string, number> => {
    const values = new Map<string, number>();
    for (const label of labels) values.set(label, (values.get(label) ?? 0) + 1);
    return values;
  };
  return [
    ...Object.entries(ALIVE).map(([key, [name, help]]) => ({ name, help, values: new Map([["", counts[key] ?? 0]]) })),
    {
      name: "sip_dialogs",
      help: "Dialogs by the method that made them and stage; a confirmed one of INVITE is a leg of a call.",
      values: tally([...dialogs.all].map(({ dialog, stage }) => `method="${dialog.method}",stage="${stage}"`)),
    },
    {
      name: "sip_connections",
      help: "Connections of peers, by transport.",
      values: tally(connections.map(({ transport }) => `transport="${transport}"`)),
    },
    { name: "sip_apps", help: "Apps that have authenticated.", values: new Map([["", apps.size]]) },
  ];
}
