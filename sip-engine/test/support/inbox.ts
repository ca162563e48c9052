/** How long a test waits for something that has to come, milliseconds: a busy machine is slow, not wrong. */
const PATIENCE_MS = 15_000;

interface Waiter<Item> {
  readonly fits: (item: Item) => boolean;
  readonly take: (item: Item) => void;
}

/** What has arrived, in order: `all` keeps everything, `next` hands each item out once. */
export class Inbox<Item> {
  readonly all: { readonly item: Item; readonly at: number }[] = [];
  readonly #open: Item[] = [];
  readonly #waiters: Waiter<Item>[] = [];

  constructor(
    private readonly owner: string,
    private readonly describe: (item: Item) => string,
  ) {}

  /** @param handOut false for an item that is only to be kept, such as a retransmission */
  add(item: Item, handOut = true): void {
    this.all.push({ item, at: performance.now() });
    const index = this.#waiters.findIndex(({ fits }) => fits(item));
    const [waiter] = index < 0 ? [] : this.#waiters.splice(index, 1);
    if (waiter !== undefined) waiter.take(item);
    else if (handOut) this.#open.push(item);
  }

  /** The first item not yet handed out that fits; waits for one. */
  next(fits: (item: Item) => boolean, what: string): Promise<Item> {
    const index = this.#open.findIndex(fits);
    if (index >= 0) return Promise.resolve(this.#open.splice(index, 1)[0]!);
    return new Promise((resolve, reject) => {
      const alarm = setTimeout(() => {
        const seen = this.all.map(({ item }) => this.describe(item)).join(", ");
        reject(new Error(`${this.owner}: no ${what} among ${seen === "" ? "nothing" : seen}`));
      }, PATIENCE_MS);
      const take = (item: Item): void => {
        clearTimeout(alarm);
        resolve(item);
      };
      this.#waiters.push({ fits, take });
    });
  }

  /** What is left that nobody has asked for, described. */
  get open(): string[] {
    return this.#open.map(this.describe);
  }

  /** Everything that ever came, described. */
  get log(): string[] {
    return this.all.map(({ item }) => this.describe(item));
  }
}
