// One product per data folder: a file names the processes that work in it, so that a second start says so, and
// processes that a killed start left behind are ended by the next one.
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { say, SetupError } from "./progress.mjs";
import { makeDataFolder, ROOT } from "./project.mjs";

const END_GRACE_MS = 5_000;
const YOUNG_MS = 2_000; // whoever makes the file writes it at once
const PARTS = ["sip-engine", "media-server", "sip-proxy", "demo-customer"];

/**
 * Takes the folder for this process. Rejects with a SetupError when a living process has it, or it cannot be written.
 * Returns { note(pids): notes which processes work for this start, unlock(): gives the folder back }.
 */
export async function lockData(dataDir) {
  try {
    makeDataFolder(dataDir);
    return await take(path.join(dataDir, "running.json"), dataDir);
  } catch (error) {
    if (error instanceof SetupError || !error.code) throw error;
    throw new SetupError(
      `The data folder ${dataDir} cannot be used: ${error.message}\nChoose another with LEGWORK_DATA_DIR, or make this one writable.`,
    );
  }
}

async function take(file, dataDir) {
  const self = { supervisor: process.pid, since: startOf(process.pid) };
  for (;;) {
    const before = read(file);
    if (before === "unfinished") {
      await delay(100);
      continue;
    }
    if (before && isAlive(before)) {
      throw new SetupError(
        `Legwork is running already in ${dataDir} (process ${before.supervisor}): stop that one first.`,
      );
    }
    if (before && !remove(file, before)) continue;
    const left = before?.children ?? [];
    if (!create(file, { ...self, children: left })) continue; // another start was quicker
    await endAll(left.filter(isOurs));
    const lock = lockOf(file, self);
    lock.note([]);
    return lock;
  }
}

function lockOf(file, self) {
  const isMine = () => {
    const now = read(file);
    return now?.supervisor === self.supervisor && now.since === self.since;
  };
  return {
    note(children) {
      const whole = `${file}.${self.supervisor}`;
      try {
        if (!isMine()) return;
        fs.writeFileSync(whole, JSON.stringify({ ...self, children }), { mode: 0o600 });
        fs.renameSync(whole, file);
      } catch (error) {
        say(`${file} cannot be written: ${error.message}`); // a full disk ends no call
      }
    },
    unlock() {
      if (isMine()) fs.rmSync(file, { force: true });
    },
  };
}

/** Removes the file if it still says this; another start may have replaced it a moment ago, and that one is put back. */
function remove(file, before) {
  const aside = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (error.code === "ENOENT") return false;
    throw error;
  }
  const isIt = JSON.stringify(read(aside)) === JSON.stringify(before);
  if (!isIt && !fs.existsSync(file)) fs.renameSync(aside, file);
  fs.rmSync(aside, { force: true });
  return isIt;
}

/** Makes the file, unless it is there. */
function create(file, content) {
  try {
    fs.writeFileSync(file, JSON.stringify(content), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** What the file says: undefined when there is none, "unfinished" while it is being written; one that a crash cut short names nobody. */
function read(file) {
  const info = fs.statSync(file, { throwIfNoEntry: false });
  if (!info) return undefined;
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    if (error.code) throw error;
    return Date.now() - info.mtimeMs < YOUNG_MS ? "unfinished" : {};
  }
}

/** Whether the start that wrote this still runs: process ids are used again, the time a process began with its id is not. */
const isAlive = ({ supervisor, since }) => supervisor !== undefined && since !== null && startOf(supervisor) === since;

/** When a process began, in the kernel's ticks since the machine did (proc(5), field 22); null when there is none. */
function startOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  } catch {
    return null;
  }
}

/** Whether this process id is one of this clone's parts, not a later process that got the same number. */
function isOurs(pid) {
  try {
    const words = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return PARTS.some((part) => words.includes(`${ROOT}/${part}/dist/main.js`));
  } catch {
    return false;
  }
}

async function endAll(pids) {
  if (pids.length === 0) return;
  say("The last start was killed: ending the processes it left behind.");
  for (const pid of pids) signal(pid, "SIGTERM");
  const until = Date.now() + END_GRACE_MS;
  while (pids.some(isOurs) && Date.now() < until) await delay(50);
  for (const pid of pids.filter(isOurs)) signal(pid, "SIGKILL");
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // it has ended by itself meanwhile
  }
}
