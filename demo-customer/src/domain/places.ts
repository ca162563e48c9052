/** So many at a time. */
export class Places {
  #taken = 0;

  constructor(private readonly most: number) {}

  get full(): boolean {
    return this.#taken >= this.most;
  }

  /** Takes a place; returns how it is given back, which counts once. Null when all are taken. */
  take(): (() => void) | null {
    if (this.full) return null;
    this.#taken++;
    let held = true;
    return () => {
      if (held) this.#taken--;
      held = false;
    };
  }
}
