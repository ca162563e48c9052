// testbed.mjs up|down COMPOSE: starts and ends the compose file's services as processes of this machine.
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { basename, dirname, join } from "node:path";
import { services } from "./compose.mjs";

const [order, compose] = process.argv.slice(2);
const { SUITE_WORK: work, SUITE_LOGS: logs, SUITE_ENGINE: engine } = process.env;
const pidFile = join(work, "pids.json");

if (order === "up") await up();
else await down();

async function up() {
  const pids = [];
  for (const { name, command, ip, admin } of services(readFileSync(compose, "utf8"))) {
    const log = openSync(join(logs, `${name}.log`), "w");
    const line = command.startsWith("drachtio ")
      ? engine.replaceAll("{ip}", ip).replaceAll("{admin}", admin)
      : `sipp -sf ${readable(join(dirname(compose), "scenarios", scenarioOf(command)))} -i ${ip} -p 5060 -nostdin`;
    const [program, ...args] = line.split(" ");
    const child = spawn(program, args, { cwd: work, detached: true, stdio: ["ignore", log, log] });
    child.unref();
    closeSync(log);
    pids.push(child.pid);
    if (admin !== undefined) await listening(admin);
    else await bound(ip);
  }
  writeFileSync(pidFile, JSON.stringify(pids));
}

async function down() {
  if (!existsSync(pidFile)) return;
  const alive = (pid) => signal(pid, 0);
  const pids = JSON.parse(readFileSync(pidFile, "utf8"));
  for (const pid of pids) signal(pid, "SIGTERM");
  for (let i = 0; i < 50 && pids.some(alive); i++) await pause(50);
  for (const pid of pids.filter(alive)) signal(pid, "SIGKILL");
  rmSync(pidFile);
}

function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // It has ended already.
  }
}

function scenarioOf(command) {
  return /-sf \/tmp\/(\S+)/.exec(command)[1];
}

/** Debian's SIPp 3.6.1 refuses a raw `<` inside an XML attribute: such scenarios are read from an escaped copy. */
function readable(scenario) {
  const text = readFileSync(scenario, "latin1");
  const escaped = text.replace(/regexp="([^"]*)"/g, (_all, expression) => {
    return `regexp="${expression.replace(/</g, "&lt;").replace(/>/g, "&gt;")}"`;
  });
  if (escaped === text) return scenario;
  const copy = join(work, basename(scenario));
  writeFileSync(copy, escaped, "latin1");
  return copy;
}

async function listening(port) {
  for (let i = 0; i < 300; i++) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (open) return;
    await pause(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

/** Waits until a UDP socket on ip:5060 shows up in the namespace. */
async function bound(ip) {
  const hex = ip
    .split(".")
    .reverse()
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
  for (let i = 0; i < 100; i++) {
    if (readFileSync("/proc/self/net/udp", "utf8").includes(`${hex}:13C4`)) return;
    await pause(50);
  }
  throw new Error(`nothing bound to ${ip}:5060`);
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
