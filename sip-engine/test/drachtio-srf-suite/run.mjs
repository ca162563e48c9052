#!/usr/bin/env node
// Runs the test suite that ships inside the npm package drachtio-srf, unmodified, against this engine:
// its mocha unit tests, then its tape tests with real SIPp. Everything happens in a private network namespace.
//
//   node run.mjs [--summary FILE] [--logs DIR] [test files …]
//
// Needs root (or user namespaces), SIPp (Debian: sip-tester), iproute2 and a built engine.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** What drachtio-server itself scores with drachtio-srf 5.0.29. A smaller count means a file ended early. */
const EXPECTED = { version: "5.0.29", unit: 52, assertions: 78 };

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { summary: { type: "string" }, logs: { type: "string" } },
});

const pkg = dirname(require.resolve("drachtio-srf/package.json"));
const { version } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
const engine = resolve(here, "../../dist/main.js");
const missing = [
  ["sipp", "sip-tester"],
  ["ip", "iproute2"],
  ["unshare", "util-linux"],
].filter(([command]) => spawnSync("which", [command]).status !== 0);
if (missing.length > 0)
  fail(`missing programs; on Debian: apt-get install -y ${missing.map(([, name]) => name).join(" ")}`);
if (!existsSync(engine)) fail(`${engine} is missing: build the engine first (npx tsc -b sip-engine)`);
if (version !== EXPECTED.version) fail(`drachtio-srf ${EXPECTED.version} expected, ${version} found`);

const work = mkdtempSync(join(tmpdir(), "srf-suite-"));
const logs = resolve(values.logs ?? join(work, "logs"));
mkdirSync(logs, { recursive: true });

// The order of the suite's own test/index.js, read from it.
const index = readFileSync(join(pkg, "test/index.js"), "utf8");
const official = [...index.matchAll(/require\('\.\/([\w-]+)'\)/g)].map((match) => match[1]);
const chosen = positionals.map((name) => name.replace(/\.js$/, ""));
const files = chosen.length === 0 ? official : ["docker_start", ...chosen, "docker_stop"];

const unit = chosen.length === 0 ? runUnit() : null;
const tape = runTape();
const summary = {
  version,
  unit,
  tape,
  passed: (unit?.passed ?? 0) + tape.passed,
  failed: (unit?.failed ?? 0) + tape.failed,
  expectedPassing: chosen.length === 0 ? EXPECTED.unit + EXPECTED.assertions : null,
};
if (values.summary !== undefined) writeFileSync(values.summary, `${JSON.stringify(summary, null, 2)}\n`);
console.log(JSON.stringify(summary));
const exact = chosen.length > 0 || (unit.passed === EXPECTED.unit && tape.passed === EXPECTED.assertions);
const good = summary.failed === 0 && tape.status === 0 && exact;
if (good) rmSync(work, { recursive: true, force: true });
else console.error(`suite failed; logs: ${logs}`);
process.exit(good ? 0 : 1);

function runUnit() {
  const mocha = join(dirname(require.resolve("mocha/package.json")), "bin/mocha.js");
  const run = spawnSync(process.execPath, [mocha, "--reporter", "json", join(pkg, "test/unit-tests")], {
    cwd: work,
    env: { ...process.env, NODE_ENV: "test" },
    encoding: "utf8",
  });
  try {
    const { stats, failures } = JSON.parse(run.stdout.slice(run.stdout.indexOf("{\n")));
    for (const { fullTitle, err } of failures) console.log(`not ok (unit) ${fullTitle}: ${err.message}`);
    console.log(`# unit tests: ${stats.passes} of ${stats.tests} passing`);
    return { passed: stats.passes, failed: stats.failures };
  } catch {
    console.error(run.stdout, run.stderr);
    return { passed: 0, failed: EXPECTED.unit };
  }
}

function runTape() {
  const script = files.map((name) => `require(${JSON.stringify(join(pkg, "test", name))});`).join("");
  const isRoot = process.getuid() === 0;
  const flags = [...(isRoot ? [] : ["-U", "-r"]), "-n", "-m", "-p", "--fork", "--mount-proc", "--kill-child"];
  const run = spawnSync("unshare", [...flags, join(here, "namespace.sh"), process.execPath, "-e", script], {
    cwd: work,
    env: {
      ...process.env,
      PATH: `${join(here, "shim")}:${process.env.PATH}`,
      NODE_ENV: "test",
      NODE_CONFIG_DIR: join(pkg, "config"),
      SUITE_HERE: here,
      SUITE_WORK: work,
      SUITE_LOGS: logs,
      SUITE_NODE: process.execPath,
      SUITE_COMPOSE: join(pkg, "test/docker-compose-testbed.yaml"),
      SUITE_ENGINE: `${process.execPath} ${engine} --sip udp:{ip}:5060 --admin 127.0.0.1:{admin} --secret cymru --log-level warn`,
    },
    encoding: "utf8",
    timeout: 420_000,
    killSignal: "SIGKILL",
    maxBuffer: 64 * 1024 * 1024,
  });
  writeFileSync(join(logs, "tape.log"), `${run.stdout}\n${run.stderr}`);
  process.stdout.write(run.stdout);
  process.stderr.write(run.stderr);
  const passed = (run.stdout.match(/^ok \d+/gm) ?? []).length;
  const failed = (run.stdout.match(/^not ok \d+/gm) ?? []).length;
  return { passed, failed, status: run.status ?? 1 };
}

function fail(reason) {
  console.error(`drachtio-srf suite: ${reason}`);
  process.exit(2);
}
