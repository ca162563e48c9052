import type { SessionChoices } from "../dialog/session-timer.js";
import type { TimerValues } from "../transaction/machine.js";
import type { AppRegistry } from "./app-registry.js";
import type { Behaviour } from "./behaviour.js";
import type { Report } from "./contain.js";
import type { Courier } from "./courier.js";
import type { Dialogs } from "./dialogs.js";
import type { FlowCache } from "./flow-cache.js";
import type { Metrics } from "./metrics.js";
import type { Clock, Ids, Transports } from "./ports.js";
import type { Transactions } from "./transactions.js";

/** Behaviour an operator may choose. */
export interface EngineOptions extends SessionChoices {
  /** Where to act as the RFCs ask and where as drachtio-server does. */
  readonly behaviour: Behaviour;
  readonly timers: TimerValues;
  /** Send in-dialog requests to where the peer's messages come from when its Contact cannot be reached (drachtio's rule). */
  readonly natDetection: boolean;
  /** Send call detail records to apps that ask for them. */
  readonly cdr: boolean;
  /** Header names of apps that go out as written, in lower case; others that no RFC registers are capitalised. */
  readonly preservedHeaders: ReadonlySet<string>;
  /** URI of the next hop of apps' requests outside dialogs, where the app names none; null for their Request-URI. */
  readonly outboundProxy: string | null;
  /** What becomes of the calls of an app whose connection is gone: nobody can control them any more. */
  readonly orphanedCalls: "keep" | "end";
}

/** What every part of the core shares. */
export interface Context {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly options: EngineOptions;
  readonly metrics: Metrics;
  readonly transports: Transports;
  readonly transactions: Transactions;
  readonly dialogs: Dialogs;
  readonly apps: AppRegistry;
  readonly courier: Courier;
  readonly flows: FlowCache;
  /** Takes what code throws that nothing else calls: timers, answers of name servers, failures of sockets. */
  readonly report: Report;
}
