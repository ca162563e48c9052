import { expect, it } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { inRoot } from "../../lib/project.mjs";

// Stops in order when asked, which takes it a line for somebody who may not read any more.
const PROGRAM = `
  const { onStopSignals } = await import(${JSON.stringify(inRoot("scripts/lib/start-signals.mjs"))});
  const stop = onStopSignals();
  if (process.argv[1] === "ready") stop.ready();
  const timer = setInterval(() => {}, 1000);
  console.log("up");
  await stop.asked;
  for (let n = 0; n < 3; n++) console.log("stopping");
  setTimeout(() => { clearInterval(timer); process.exitCode = 7; }, 100);
`;

async function run(stage) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, stage], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

async function exitOf(child, signal) {
  const exit = once(child, "exit");
  child.kill(signal);
  const [code] = await exit;
  return code;
}

it.each(["SIGHUP", "SIGINT", "SIGTERM"])("stops in order at %s, also when its terminal is gone", async (signal) => {
  const child = await run("ready");
  child.stdout.destroy();
  expect(await exitOf(child, signal)).toBe(7);
});

it.each([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
])("ends at once at %s while it is still starting", async (signal, code) => {
  expect(await exitOf(await run("starting"), signal)).toBe(code);
});
