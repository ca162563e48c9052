import type { TimerAction } from "../transaction/machine.js";
import type { Alarm, Clock } from "./ports.js";

/** The running timers of one machine, by name. */
export class TimerSet<Name extends string> {
  readonly #clock: Clock;
  readonly #fire: (timer: Name) => void;
  readonly #alarms = new Map<Name, Alarm>();

  constructor(clock: Clock, fire: (timer: Name) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  get names(): readonly Name[] {
    return [...this.#alarms.keys()];
  }

  run(action: TimerAction<Name>): void {
    if (action.type === "startTimer") this.start(action.timer, action.ms);
    else this.stop(action.timer);
  }

  /** Starts a timer, replacing a running one of the same name. */
  start(timer: Name, ms: number): void {
    this.stop(timer);
    const alarm = this.#clock.schedule(ms, () => {
      this.#alarms.delete(timer);
      this.#fire(timer);
    });
    this.#alarms.set(timer, alarm);
  }

  stop(timer: Name): void {
    const alarm = this.#alarms.get(timer);
    if (alarm === undefined) return;
    alarm.cancel();
    this.#alarms.delete(timer);
  }

  clear(): void {
    for (const timer of [...this.#alarms.keys()]) this.stop(timer);
  }
}

/** A clock that knows its alarms: none are left when nothing is alive, and all can be taken back at once. */
export class CountingClock implements Clock {
  readonly #clock: Clock;
  readonly #alarms = new Set<Alarm>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get running(): number {
    return this.#alarms.size;
  }

  now(): number {
    return this.#clock.now();
  }

  schedule(ms: number, fire: () => void): Alarm {
    const set = this.#clock.schedule(ms, () => {
      this.#alarms.delete(alarm);
      fire();
    });
    const alarm: Alarm = {
      cancel: () => {
        this.#alarms.delete(alarm);
        set.cancel();
      },
    };
    this.#alarms.add(alarm);
    return alarm;
  }

  cancelAll(): void {
    for (const alarm of [...this.#alarms]) alarm.cancel();
  }
}

/** Timers this long may be a little late: they only end waits for what no longer comes. */
const LONG_MS = 3000;
/** Long timers end on multiples of this, so that many end in one go: waking up is what a timer costs. */
const GRAIN_MS = 250;

/** How long to wait for a timer of `ms` milliseconds set at `now`: never less, for a long one up to 250 ms more. */
export function sharedDelay(now: number, ms: number): number {
  return ms < LONG_MS ? ms : Math.ceil((now + ms) / GRAIN_MS) * GRAIN_MS - now;
}
