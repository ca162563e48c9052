// One product per data folder: a file names the processes that work in it, so that a second start says so, and
// processes that a killed start left behind are ended by the next one.
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SetupError } from "./progress.mjs";
import { ROOT } from "./project.mjs";

const END_GRACE_MS = 5_000;

const fileOf = (dataDir) => path.join(dataDir, "running.json");

/** Takes the folder for this process, or throws when a living one has it. */
export async function lockData(dataDir) {
  const file = fileOf(dataDir);
  const before = fs.existsSync(file) ? readLock(file) : undefined;
  if (before && isOurs(before.supervisor, "scripts/start.mjs")) {
    throw new SetupError(
      `Legwork is running already in ${dataDir} (process ${before.supervisor}): stop that one first.`,
    );
  }
  for (const pid of before?.children ?? []) await end(pid);
  fs.mkdirSync(dataDir, { recursive: true });
  noteChildren(dataDir, []);
}

/** Notes which processes work for this start. */
export function noteChildren(dataDir, children) {
  fs.writeFileSync(fileOf(dataDir), JSON.stringify({ supervisor: process.pid, children }));
}

/** Gives the folder back. */
export const unlockData = (dataDir) => fs.rmSync(fileOf(dataDir), { force: true });

function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined; // cut short by a crash: it names nobody
  }
}

/** Whether this process id still is a process of this clone, not a later one that got the same number. */
function isOurs(pid, part) {
  try {
    const words = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return pid !== process.pid && words.some((word) => word.endsWith(part) || word.startsWith(`${ROOT}/${part}`));
  } catch {
    return false;
  }
}

async function end(pid) {
  const ours = () =>
    ["sip-engine", "media-server", "sip-proxy", "demo-customer"].some((part) => isOurs(pid, `${part}/dist/main.js`));
  if (!ours()) return;
  process.kill(pid, "SIGTERM");
  const until = Date.now() + END_GRACE_MS;
  while (ours() && Date.now() < until) await delay(50);
  if (ours()) process.kill(pid, "SIGKILL");
}
