import type { Engine } from "../engine/engine.js";
import type { MediaLeg } from "../engine/media-leg.js";
import type { Route } from "../engine/route.js";
import type { LegSource } from "@legwork/shared/media";
import type { WireCounts } from "../ports/wire.js";
import type { ThreadDump } from "./messages.js";

/** Everything one thread holds. */
export function dumpOf(thread: number, engine: Engine, wires: WireCounts, timers: number): ThreadDump {
  const interactions = [...engine.interactions.values()];
  return {
    thread,
    ...wires,
    timers,
    legs: [...engine.legs.values()].map((leg) =>
      legDump(leg, engine.interactions.get(leg.interaction)!.ledger.sourceOf(leg.id)),
    ),
    plans: interactions
      .filter((i) => i.ledger.revision > 0)
      .map((i) => ({ interaction: i.id, revision: i.ledger.revision })),
  };
}

function legDump(leg: MediaLeg, source: LegSource): ThreadDump["legs"][number] {
  const { sender, receiver } = leg;
  const drops = receiver.counts();
  if (sender.eventsNotPassed > 0) drops["no-events"] = sender.eventsNotPassed;
  return {
    leg: leg.id,
    interaction: leg.interaction,
    transport: leg.transport,
    codec: sender.codec,
    source: source.kind === "parties" ? { ...source, parties: [...source.parties] } : source,
    path: pathOf(sender.route),
    up: leg.up,
    packetsIn: receiver.packets,
    packetsOut: sender.out.packets,
    packetsDropped: drops,
  };
}

function pathOf(route: Route): ThreadDump["legs"][number]["path"] {
  switch (route.kind) {
    case "silence":
    case "relay":
      return route.kind;
    case "music":
    case "ringback":
      return "file";
    case "mix":
      return route.from.length === 1 ? "transcode" : "mix";
  }
}
