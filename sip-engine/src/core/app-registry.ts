import type { Behaviour } from "./behaviour.js";
import type { App } from "./ports.js";

interface Registration {
  readonly app: App;
  readonly tags: readonly string[];
  verbs: readonly string[];
}

/** The connected apps and which methods each has asked for. */
export class AppRegistry {
  readonly #apps = new Map<string, Registration>();
  readonly #turns = new Map<string, number>();
  readonly #behaviour: Behaviour;

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  get size(): number {
    return this.#apps.size;
  }

  add(app: App, tags: readonly string[]): void {
    this.#apps.set(app.id, { app, tags, verbs: [] });
  }

  remove(app: App): void {
    this.#apps.delete(app.id);
  }

  /** Asks for a verb; drachtio-srf repeats itself. */
  addVerb(app: App, verb: string): void {
    const one = this.#apps.get(app.id);
    if (one === undefined) return;
    if (this.#behaviour.repeatedRoute === "counts-once" && one.verbs.includes(verb)) return;
    one.verbs = [...one.verbs, verb];
  }

  removeVerb(app: App, verb: string): void {
    const one = this.#apps.get(app.id);
    if (one === undefined) return;
    one.verbs = this.#behaviour.routeRemoval === "all-verbs" ? [] : one.verbs.filter((other) => other !== verb);
  }

  /** The app whose turn it is for this verb: round robin. */
  pick(verb: string): App | null {
    return this.#turn(verb, (registration) => registration.verbs.filter((one) => one === verb).length);
  }

  /** The app whose turn it is among those that authenticated with this tag. */
  pickTagged(tag: string): App | null {
    return this.#turn(`tag ${tag}`, (registration) => (registration.tags.includes(tag) ? 1 : 0));
  }

  /** @param weight how many turns of a round an app has; 0 for none */
  #turn(key: string, weight: (registration: Registration) => number): App | null {
    const fitting: App[] = [];
    for (const one of this.#apps.values()) {
      for (let turns = one.app.connected ? weight(one) : 0; turns > 0; turns--) fitting.push(one.app);
    }
    if (fitting.length === 0) return null;
    const turn = (this.#turns.get(key) ?? 0) % fitting.length;
    this.#turns.set(key, turn + 1);
    return fitting[turn] ?? null;
  }

  toJSON(): unknown {
    return [...this.#apps.values()].map(({ app, tags, verbs }) => ({ id: app.id, tags, verbs }));
  }
}
