import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "./control-client.js";

/** As much of the format as is read here: nodes lie one after the other, each `node_fields.length` numbers. */
interface Snapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[]] } }; // prettier-ignore
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** Heap snapshots of Node processes that were started with its environment: each signal gives one, after a collection. */
export class HeapWatch {
  readonly #folder = mkdtempSync(join(tmpdir(), "heap-"));

  get env(): Record<string, string> {
    return { NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${this.#folder}` };
  }

  /** How many objects a process holds, by the name of their class. */
  async objectsOf(pid: number): Promise<ReadonlyMap<string, number>> {
    process.kill(pid, "SIGUSR2");
    const snapshot = await waitFor(
      () => this.#written(),
      30_000,
      () => `snapshot of ${pid}`,
    );
    const { node_fields: fields, node_types: types } = snapshot.snapshot.meta;
    const [type, name, object] = [fields.indexOf("type"), fields.indexOf("name"), types[0].indexOf("object")];
    const counts = new Map<string, number>();
    for (let at = 0; at < snapshot.nodes.length; at += fields.length) {
      if (snapshot.nodes[at + type] !== object) continue;
      const of = snapshot.strings[snapshot.nodes[at + name]!]!;
      counts.set(of, (counts.get(of) ?? 0) + 1);
    }
    return counts;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** The snapshot once it is whole; its file is removed. */
  #written(): Snapshot | undefined {
    const file = readdirSync(this.#folder).find((one) => one.endsWith(".heapsnapshot"));
    if (file === undefined) return undefined;
    try {
      const snapshot = JSON.parse(readFileSync(join(this.#folder, file), "utf8")) as Snapshot;
      rmSync(join(this.#folder, file));
      return snapshot;
    } catch {
      return undefined; // It is still being written.
    }
  }
}
