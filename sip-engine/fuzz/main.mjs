#!/usr/bin/env node
// Throws broken messages at the engine and looks whether it lives:
// `npm run fuzz -- --seconds 60 [--seed N] [--imitate drachtio-server]`.
// The same seed makes the same choices. A fault is written to sip-engine/fuzz/out with what was alive and what was sent before it; the
// inputs that matter are kept in sip-engine/fuzz/regressions, which the integration tests send again.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Child, json } from "../bench/support/child.mjs";
import { EngineProcess } from "../bench/support/engine.mjs";
import { Chance } from "./chance.mjs";
import { BadApp } from "./frames.mjs";
import { BadPeer } from "./network.mjs";
import { Oracle } from "./oracle.mjs";
import { fuzzParser } from "./parser.mjs";

/** Short timers: what is left over is gone soon. */
const OPTIONS = ["--t1", "50", "--t2", "400", "--t4", "500", "--orphaned-calls", "end"];
const PARSER_SHARE = 0.2;
const PROBE_EVERY_MS = 2000;
/** Messages for each turn of a few milliseconds: enough to keep the engine busy, not to drown it. */
const BURST = 5;
const TURN_MS = 10;
/** A peer's longest message. With drachtio-server's ways the engine goes deaf to an app that hands one of 12 kB back in a frame. */
const LONGEST_MESSAGE = { none: Infinity, "drachtio-server": 8000 };
/** Inputs kept to look for the cause of a fault. */
const KEPT = 5000;
/** What may be left: drachtio-server's ways leave the dialogs of an app that has gone to their peers, with their session timers. */
const LEFT_BEHIND = { none: [], "drachtio-server": ["dialogs", "timers"] };
/** In this time the application has ended its dialogs by itself. */
const APP_ENDS_MS = 4000;
const SETTLE_MS = 30_000;

const { values } = parseArgs({
  options: { seconds: { type: "string" }, seed: { type: "string" }, imitate: { type: "string", default: "none" } },
});
const seconds = Number(values.seconds ?? 60);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const chance = new Chance(seed);
process.stdout.write(`seed ${seed}, ${seconds} s, imitate ${values.imitate}\n`);

const parser = fuzzParser(chance, Date.now() + seconds * 1000 * PARSER_SHARE);
process.stdout.write(`parser: ${parser.tried} messages\n`);
const result = parser.fault === null ? await fuzzEngine(Date.now() + seconds * 1000 * (1 - PARSER_SHARE)) : parser;
if (result.fault === null) process.stdout.write("no fault\n");
else {
  process.stdout.write(`FAULT (seed ${seed}): ${result.fault}\nwritten to ${keep(result)}\n`);
  process.exitCode = 1;
}

async function fuzzEngine(untilMs) {
  const engine = await EngineProcess.start([...OPTIONS, "--imitate", values.imitate]);
  const recent = [];
  const record = (input) => {
    recent.push(input);
    if (recent.length > KEPT) recent.shift();
  };
  const oracle = new Oracle(engine, new Chance(seed + 1));
  const peer = new BadPeer(chance, engine.ports, record, LONGEST_MESSAGE[values.imitate]);
  const peerPort = await peer.open();
  const badApp = new BadApp(chance, engine.ports.admin, engine.secret, peerPort, record);
  const script = fileURLToPath(new URL("app.mjs", import.meta.url));
  const app = new Child([script, String(engine.ports.admin), engine.secret, String(peerPort)]);
  await app.line((line) => json(line)?.ready, "app");
  await oracle.open();
  try {
    let fault = null;
    let dump = null;
    let probeAt = 0;
    while (fault === null && Date.now() < untilMs) {
      for (let i = 0; i < BURST; i++) await peer.act();
      badApp.act();
      if (Date.now() >= probeAt) {
        fault = await oracle.fault();
        probeAt = Date.now() + PROBE_EVERY_MS;
      }
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    }
    if (fault !== null && engine.running) dump = await engine.get("/debug/dump");
    badApp.close();
    app.send("quiet");
    await peer.settle();
    await new Promise((resolve) => setTimeout(resolve, APP_ENDS_MS));
    await app.stop();
    fault ??= await leftovers(engine);
    const thrown = app.lines.filter((line) => json(line)?.thrown !== undefined).length;
    process.stdout.write(`engine: ${peer.sent} messages, ${badApp.sent} frames, ${oracle.probes} probes\n`);
    process.stdout.write(`drachtio-srf threw ${thrown} times on what it was handed\n`);
    return { fault, dump, inputs: recent };
  } finally {
    for (const one of [oracle, peer, badApp]) one.close();
    await app.stop();
    await engine.stop();
  }
}

/** What is still alive when all timers should be over, or null. */
async function leftovers(engine) {
  const deadline = Date.now() + SETTLE_MS;
  let counts = {};
  while (engine.running && Date.now() < deadline) {
    counts = await engine.counts();
    const alive = Object.entries(counts).filter(
      ([name, count]) => count > 0 && !LEFT_BEHIND[values.imitate].includes(name),
    );
    if (alive.length === 0) return null;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return `left over: ${JSON.stringify(engine.running ? await engine.get("/debug/dump") : counts).slice(0, 4000)}`;
}

function keep({ fault, dump = null, inputs }) {
  const folder = fileURLToPath(new URL("out", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/seed-${seed}.json`;
  writeFileSync(file, `${JSON.stringify({ seed, fault, dump, inputs }, null, 1)}\n`);
  return file;
}
