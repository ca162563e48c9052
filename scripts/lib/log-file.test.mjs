import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { LogFile } from "./log-file.mjs";

let dir;
let file;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "log-"));
  file = path.join(dir, "logs", "program.log");
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

const problems = [];
const open = (maxBytes) => new LogFile(file, { maxBytes, onError: (error) => problems.push(error) });
const read = (name = "program.log") => fs.readFileSync(path.join(dir, "logs", name), "utf8");

describe("a log file", () => {
  it("goes on where the last start ended, for its owner's eyes only", async () => {
    for (const line of ["first start", "second start"]) {
      const log = open();
      log.write(line);
      await log.end();
      fs.chmodSync(file, 0o644); // as earlier versions made it
    }
    await open().end();
    expect(read()).toBe("first start\nsecond start\n");
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  it("begins anew at its size, keeps the three before, and loses no line on the way", async () => {
    const log = open(20);
    for (let n = 10; n < 20; n++) log.write(`line ${n}`); // 8 bytes each: two in a file
    await log.end();
    const later = open(20);
    later.write("line 20");
    await later.end();
    expect(fs.readdirSync(path.dirname(file)).sort()).toEqual(["", ".1", ".2", ".3"].map((n) => `program.log${n}`));
    const all = [".3", ".2", ".1", ""].map((n) => read(`program.log${n}`)).join("");
    expect(all.trim().split("\n")).toEqual(["14", "15", "16", "17", "18", "19", "20"].map((n) => `line ${n}`));
    expect(problems).toEqual([]);
  });

  it("survives that it cannot be written", async () => {
    fs.mkdirSync(file, { recursive: true });
    const log = open();
    log.write("lost");
    await log.end();
    log.write("lost too");
    expect(problems).toHaveLength(1);
  });
});
