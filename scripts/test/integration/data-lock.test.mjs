import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { lockData } from "../../lib/data-lock.mjs";
import { inRoot } from "../../lib/project.mjs";

const LIB = inRoot("scripts/lib/data-lock.mjs");
// Takes the folder, says "mine" or why not, and keeps it until its input ends.
const TAKE = `
  const { lockData } = await import(${JSON.stringify(LIB)});
  process.stdin.resume();
  process.stdin.once("end", () => process.exit());
  try { await lockData(process.argv[1]); console.log("mine"); } catch (error) { console.log(error.message); }
`;

let dir;
let file;
const children = [];

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "lock-"));
  file = path.join(dir, "running.json");
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }
  fs.rmSync(dir, { recursive: true });
});

function run(...args) {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return child;
}

/** A start in a process of its own; resolves with what it says. */
async function another() {
  const child = run("--input-type=module", "-e", TAKE, dir);
  const [said] = await once(child.stdout, "data");
  return { pid: child.pid, child, said: String(said).trim() };
}

const content = () => JSON.parse(fs.readFileSync(file, "utf8"));

describe("the lock of a data folder", () => {
  it("lets one of many starts in, also when one that was killed left its file behind", async () => {
    fs.writeFileSync(file, JSON.stringify({ supervisor: 1, since: -1, children: [] }));
    const starts = await Promise.all([1, 2, 3, 4, 5].map(another));
    const inside = starts.filter(({ said }) => said === "mine");
    expect(inside).toHaveLength(1);
    expect(content().supervisor).toBe(inside[0].pid);
    for (const { said } of starts.filter((start) => start !== inside[0]))
      expect(said).toContain(`running already in ${dir} (process ${inside[0].pid})`);
    expect(fs.readdirSync(dir)).toEqual(["running.json"]);
  }, 60_000);

  it("is given back by whoever has it, and by nobody else", async () => {
    const lock = await lockData(dir);
    const other = { supervisor: process.pid + 1, since: 1, children: [] };
    fs.writeFileSync(file, JSON.stringify(other));
    lock.note([7]);
    lock.unlock();
    expect(content()).toEqual(other);
    fs.rmSync(file);
    await (await lockData(dir)).unlock();
    expect(fs.readdirSync(dir)).toEqual([]);
  });

  it("takes another process with the same id for what it is", async () => {
    fs.writeFileSync(file, JSON.stringify({ supervisor: process.pid, since: 1, children: [] }));
    (await lockData(dir)).unlock();
  });

  it("ends the processes that a killed start left behind, and no others", async () => {
    const wait = "process.stdin.resume(); console.log('up')";
    const left = run("-e", wait, inRoot("sip-engine/dist/main.js"));
    const stranger = run("-e", wait, "/elsewhere/sip-engine/dist/main.js");
    await Promise.all([left, stranger].map(({ stdout }) => once(stdout, "data")));
    const gone = once(left, "exit");
    fs.writeFileSync(file, JSON.stringify({ supervisor: 1, since: -1, children: [left.pid, stranger.pid] }));
    const lock = await lockData(dir);
    await gone;
    expect(stranger.exitCode).toBeNull();
    lock.note([11, 12]);
    expect(content().children).toEqual([11, 12]);
    lock.unlock();
  });

  it("is for its owner alone, and so is a folder that was made for it", async () => {
    const made = path.join(dir, "made");
    const lock = await lockData(made);
    expect(fs.statSync(made).mode & 0o777).toBe(0o700);
    expect(fs.statSync(path.join(made, "running.json")).mode & 0o777).toBe(0o600);
    lock.unlock();
  });

  it("says which folder cannot be used", async () => {
    fs.writeFileSync(path.join(dir, "a-file"), "");
    const impossible = path.join(dir, "a-file", "data");
    await expect(lockData(impossible)).rejects.toThrow(`The data folder ${impossible} cannot be used`);
  });
});
