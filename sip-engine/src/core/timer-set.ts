import type { TimerAction } from "../transaction/machine.js";
import { contain } from "./contain.js";
import type { Report } from "./contain.js";
import type { Alarm, Clock } from "./ports.js";

/** The running timers of one machine, by name; a machine has three at most. */
export class TimerSet<Name extends string> {
  readonly #clock: Clock;
  readonly #fire: (timer: Name) => void;
  #running: readonly { readonly timer: Name; readonly alarm: Alarm }[] = NONE;

  constructor(clock: Clock, fire: (timer: Name) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  get names(): readonly Name[] {
    return this.#running.map(({ timer }) => timer);
  }

  run(action: TimerAction<Name>): void {
    if (action.type === "startTimer") this.start(action.timer, action.ms);
    else this.stop(action.timer);
  }

  /** Starts a timer, replacing a running one of the same name. */
  start(timer: Name, ms: number): void {
    this.stop(timer);
    const alarm = this.#clock.schedule(ms, () => {
      this.#drop(timer);
      this.#fire(timer);
    });
    this.#running = [...this.#running, { timer, alarm }];
  }

  stop(timer: Name): void {
    this.#running.find((one) => one.timer === timer)?.alarm.cancel();
    this.#drop(timer);
  }

  clear(): void {
    for (const { alarm } of this.#running) alarm.cancel();
    this.#running = NONE;
  }

  #drop(timer: Name): void {
    if (this.#running.length > 0) this.#running = this.#running.filter((one) => one.timer !== timer);
  }
}

const NONE: readonly never[] = [];

/** A clock that knows its alarms: none are left when nothing is alive, and all can be taken back at once. */
export class CountingClock implements Clock {
  readonly #clock: Clock;
  readonly #alarms = new Set<CountedAlarm>();

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
    return new CountedAlarm(this.#alarms, this.#clock, ms, fire);
  }

  cancelAll(): void {
    for (const alarm of [...this.#alarms]) alarm.cancel();
  }
}

class CountedAlarm implements Alarm {
  readonly #alarms: Set<CountedAlarm>;
  readonly #set: Alarm;

  constructor(alarms: Set<CountedAlarm>, clock: Clock, ms: number, fire: () => void) {
    this.#alarms = alarms;
    alarms.add(this);
    this.#set = clock.schedule(ms, () => {
      alarms.delete(this);
      fire();
    });
  }

  cancel(): void {
    if (this.#alarms.delete(this)) this.#set.cancel();
  }
}

/** Timers this long may be a little late: they only end waits for what no longer comes. */
const LONG_MS = 3000;
/** Long timers end on multiples of this: waking up is what a timer costs. */
const GRAIN_MS = 250;

/** Longest wait of the clock below: what is longer would be over at once with Node's timers (2^31 ms). */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A clock whose long timers end in groups, up to 250 ms late, never early. Each group takes one alarm of the clock below, so that setting
 * and taking back one of its timers, several times in every call, is as cheap as a set's `add` and `delete`.
 * What a timer throws is reported, and the others of its group fire all the same.
 */
export class GroupingClock implements Clock {
  readonly #clock: Clock;
  readonly #report: Report;
  readonly #groups = new Map<number, Set<GroupedAlarm>>();

  constructor(clock: Clock, report: Report) {
    this.#clock = clock;
    this.#report = report;
  }

  now(): number {
    return this.#clock.now();
  }

  schedule(ms: number, fire: () => void): Alarm {
    if (ms < LONG_MS) return this.#clock.schedule(ms, () => contain(this.#report, fire));
    const now = this.#clock.now();
    const due = Math.ceil((now + ms) / GRAIN_MS) * GRAIN_MS;
    return new GroupedAlarm(this.#groups.get(due) ?? this.#open(due, due - now), fire);
  }

  #open(due: number, ms: number): Set<GroupedAlarm> {
    const group = new Set<GroupedAlarm>();
    this.#groups.set(due, group);
    this.#wait(ms, () => {
      this.#groups.delete(due);
      for (const alarm of group) contain(this.#report, alarm.fire);
    });
    return group;
  }

  #wait(ms: number, done: () => void): void {
    if (ms <= LONGEST_MS) this.#clock.schedule(ms, done);
    else this.#clock.schedule(LONGEST_MS, () => this.#wait(ms - LONGEST_MS, done));
  }
}

class GroupedAlarm implements Alarm {
  readonly fire: () => void;
  readonly #group: Set<GroupedAlarm>;

  constructor(group: Set<GroupedAlarm>, fire: () => void) {
    this.fire = fire;
    this.#group = group;
    group.add(this);
  }

  cancel(): void {
    this.#group.delete(this);
  }
}
