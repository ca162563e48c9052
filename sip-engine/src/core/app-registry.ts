import type { App } from "./ports.js";

interface Registration {
  readonly app: App;
  readonly tags: readonly string[];
  readonly verbs: Set<string>;
}

/** The connected apps and which methods each has asked for. */
export class AppRegistry {
  readonly #apps = new Map<string, Registration>();
  readonly #turns = new Map<string, number>();

  add(app: App, tags: readonly string[]): void {
    this.#apps.set(app.id, { app, tags, verbs: new Set() });
  }

  remove(app: App): void {
    this.#apps.delete(app.id);
  }

  /** Asks for a verb; asking again changes nothing (drachtio-srf repeats itself). */
  addVerb(app: App, verb: string): void {
    this.#apps.get(app.id)?.verbs.add(verb);
  }

  removeVerb(app: App, verb: string): void {
    this.#apps.get(app.id)?.verbs.delete(verb);
  }

  /** The app whose turn it is for this verb: round robin. */
  pick(verb: string): App | null {
    return this.#turn(verb, (registration) => registration.verbs.has(verb));
  }

  /** The app whose turn it is among those that authenticated with this tag. */
  pickTagged(tag: string): App | null {
    return this.#turn(`tag ${tag}`, (registration) => registration.tags.includes(tag));
  }

  #turn(key: string, fits: (registration: Registration) => boolean): App | null {
    const fitting = [...this.#apps.values()].filter((one) => one.app.connected && fits(one));
    if (fitting.length === 0) return null;
    const turn = (this.#turns.get(key) ?? 0) % fitting.length;
    this.#turns.set(key, turn + 1);
    return fitting[turn]?.app ?? null;
  }

  toJSON(): unknown {
    return [...this.#apps.values()].map(({ app, tags, verbs }) => ({ id: app.id, tags, verbs: [...verbs] }));
  }
}
