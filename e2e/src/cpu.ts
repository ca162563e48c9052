import fs from "node:fs";

const TICKS_PER_S = 100; // USER_HZ on Linux

/** CPU seconds, user and system, that a process and all its children have used so far. */
export function cpuSeconds(pid: number): number {
  const all = new Map<number, { parent: number; seconds: number }>();
  for (const name of fs.readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
      all.set(Number(name), { parent: Number(fields[1]), seconds });
    } catch {
      // A process that has just ended uses nothing any more.
    }
  }
  const sum = (of: number): number =>
    [...all].reduce(
      (total, [child, { parent }]) => (parent === of ? total + sum(child) : total),
      all.get(of)?.seconds ?? 0,
    );
  return sum(pid);
}
