/** The base timers of RFC 3261 table 4, in milliseconds. */
export interface TimerValues {
  /** Round-trip estimate, 500 ms by default. */
  readonly t1: number;
  /** Longest interval between retransmissions of non-INVITE requests and INVITE responses, 4 s by default. */
  readonly t2: number;
  /** How long a message may stay in the network, 5 s by default. */
  readonly t4: number;
  /** Timer D over UDP: "at least 32 s". */
  readonly d: number;
  /** First value of timers A and E, the wait before a request is repeated: T1. */
  readonly firstRepeat: number;
}

export const DEFAULT_TIMERS: TimerValues = { t1: 500, t2: 4000, t4: 5000, d: 32_000, firstRepeat: 500 };

/** What a machine knows of its surroundings: fixed for the life of a transaction. */
export interface Link {
  readonly timers: TimerValues;
  /** True over TCP, TLS and WebSocket, where nothing is retransmitted. */
  readonly reliable: boolean;
}

/** Result of feeding one event to a machine. */
export interface Step<State, Action> {
  readonly state: State;
  readonly actions: readonly Action[];
}

export type TimerAction<Name extends string> =
  | { readonly type: "startTimer"; readonly timer: Name; readonly ms: number }
  | { readonly type: "stopTimer"; readonly timer: Name };

export const startTimer = <Name extends string>(timer: Name, ms: number): TimerAction<Name> => ({
  type: "startTimer",
  timer,
  ms,
});

export const stopTimer = <Name extends string>(timer: Name): TimerAction<Name> => ({ type: "stopTimer", timer });

/** The step a machine takes when an event means nothing to it any more. */
export const stay = <State>(state: State): Step<State, never> => ({ state, actions: [] });

/** Actions of both client machines. `send` is the request itself; `deliver` passes the response up. */
export type ClientAction<Timer extends string = string> =
  | { readonly type: "send" }
  | { readonly type: "acknowledge" }
  | { readonly type: "deliver" }
  | { readonly type: "fail"; readonly cause: "timeout" | "transport" | "cancelled" }
  | { readonly type: "terminate" }
  | TimerAction<Timer>;

/** Actions of both server machines. `resend` is the last response. */
export type ServerAction<Timer extends string = string> =
  | { readonly type: "resend" }
  | { readonly type: "fail"; readonly cause: "timeout" | "transport" }
  | { readonly type: "terminate" }
  | TimerAction<Timer>;

export const SEND = { type: "send" } as const;
export const DELIVER = { type: "deliver" } as const;
export const RESEND = { type: "resend" } as const;
export const ACKNOWLEDGE = { type: "acknowledge" } as const;
export const TERMINATE = { type: "terminate" } as const;
