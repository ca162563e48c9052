import type { TimerAction } from "../transaction/machine.js";
import type { Alarm, Clock } from "./ports.js";

/** The running timers of one machine, by name. */
export class TimerSet<Name extends string> {
  static #running = 0;
  readonly #clock: Clock;
  readonly #fire: (timer: Name) => void;
  readonly #alarms = new Map<Name, Alarm>();

  constructor(clock: Clock, fire: (timer: Name) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** Timers running in the whole process: zero when nothing is left. */
  static get running(): number {
    return TimerSet.#running;
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
    TimerSet.#running++;
    const alarm = this.#clock.schedule(ms, () => {
      this.#alarms.delete(timer);
      TimerSet.#running--;
      this.#fire(timer);
    });
    this.#alarms.set(timer, alarm);
  }

  stop(timer: Name): void {
    const alarm = this.#alarms.get(timer);
    if (alarm === undefined) return;
    alarm.cancel();
    this.#alarms.delete(timer);
    TimerSet.#running--;
  }

  clear(): void {
    for (const timer of [...this.#alarms.keys()]) this.stop(timer);
  }
}
