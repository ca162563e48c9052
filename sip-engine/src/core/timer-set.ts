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

/** A clock that knows how many of its alarms are still set: zero when nothing is left. */
export class CountingClock implements Clock {
  readonly #clock: Clock;
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get running(): number {
    return this.#running;
  }

  now(): number {
    return this.#clock.now();
  }

  schedule(ms: number, fire: () => void): Alarm {
    this.#running++;
    let set = true;
    const settle = (): void => {
      if (set) this.#running--;
      set = false;
    };
    const alarm = this.#clock.schedule(ms, () => {
      settle();
      fire();
    });
    return {
      cancel: () => {
        settle();
        alarm.cancel();
      },
    };
  }
}
