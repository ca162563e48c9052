import { startApp } from "./support/app.mjs";
import { EngineProcess, heapAfterGc } from "./support/engine.mjs";
import { sippCalls } from "./support/sipp.mjs";
import { fixed, printTable } from "./support/table.mjs";

const RATE = 500;
const MARKS = [10_000, 100_000];
/** Short timers: transactions are gone 3.2 s after their call, so that the load may be as high as the machine allows. */
const TIMERS = ["--t1", "50", "--t2", "400", "--t4", "500"];
const MAX_GROWTH = 0.1;

/** The engine's heap, with nothing alive, after 10,000 and after 100,000 calls. */
export async function benchHeap() {
  const engine = await EngineProcess.start(TIMERS, ["--inspect=127.0.0.1:0"]);
  const app = await startApp(engine);
  try {
    const rows = [];
    let made = 0;
    for (const mark of MARKS) {
      const { failed } = await sippCalls(engine.ports.udp, RATE, mark - made);
      made = mark;
      engine.lost += failed;
      await engine.idle();
      const heap = await heapAfterGc(engine);
      rows.push({ calls: mark, failed, heap, "heap, MB": fixed(heap / 1e6), "RSS, MB": fixed(engine.rss() / 1e6, 0) });
    }
    const growth = rows[1].heap / rows[0].heap - 1;
    printTable(
      `Heap with nothing alive (growth ${fixed(growth * 100, 1)} %, at most ${MAX_GROWTH * 100} %)`,
      rows.map(({ heap: _heap, ...row }) => row),
    );
    if (growth > MAX_GROWTH) process.exitCode = 1;
  } finally {
    await app.stop();
    await engine.stop();
  }
}
