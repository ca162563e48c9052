#!/usr/bin/env node
// Makes a bare clone ready to run: `node scripts/setup.mjs [--test]`. Needs nothing but Node and npm; as root on
// Debian it installs what is missing itself, otherwise it prints the one command to run. Quick when nothing is
// missing: each step first looks whether its work is done already.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { ensurePackages, TEST, VOICE } from "./lib/debian.mjs";
import { nodeModulesAreCurrent } from "./lib/lockfile.mjs";
import { ensureMediaWorker } from "./lib/media-worker.mjs";
import { fail, run, say, SetupError, step } from "./lib/progress.mjs";
import { contentHash, inRoot, isStamped, ROOT, stamp } from "./lib/project.mjs";
import { hasSpeech, makeSpeech, speechKey } from "./lib/speech.mjs";

const MIN_NODE = [20, 19];
const PROCESSES = ["sip-engine", "media-server", "sip-proxy", "demo-customer"];

/**
 * Does everything that is not done yet. `forTests` adds the tests' peers and tools; `demo` says whether the demo customer
 * is wanted, and so does what is returned, { demo }: whether there can be one.
 */
export async function setUp({ forTests = false, demo = true } = {}) {
  requireNode();
  if (forTests) await step("Debian packages", (report) => ensurePackages([...VOICE, ...TEST], report));
  await step("npm packages", installNodeModules);
  await step("media worker", ensureMediaWorker);
  await step("build", build);
  if (!demo) return { demo };
  if (forTests) await step("demo customer's voice", speech);
  return { demo: forTests || (await voiceIfPossible()) };
}

/** Everything but the demo customer does without what its voice takes. */
async function voiceIfPossible() {
  try {
    await step("demo customer's voice", speech);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(
      `\n${error.message.trim()}\n\nGoing on without the demo customer, who has no voice. LEGWORK_DEMO=0 does not ask for it.\n`,
    );
    return false;
  }
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1])) {
    throw new SetupError(`Node ${MIN_NODE.join(".")} or newer is needed; this is ${process.versions.node}.`);
  }
}

async function installNodeModules(report) {
  if (nodeModulesAreCurrent()) return "unchanged";
  report("npm ci");
  // Install scripts stay off: the one that matters, mediasoup's, is the next step's business.
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { log: "npm" });
  return "installed";
}

/** Compiles the processes and bundles the page. */
async function build(report) {
  const hash = contentHash(buildInputs(), process.versions.node);
  if (isStamped("build", hash) && builtFiles().every((file) => fs.existsSync(file))) return "unchanged";
  report("TypeScript");
  // Only what runs: the page is bundled below, the tests are checked where they are run.
  await run(process.execPath, ["node_modules/typescript/bin/tsc", "-b", ...PROCESSES], { log: "tsc" });
  report("mixer");
  await run("npm", ["run", "build", "-w", "media-server"], { log: "build-media-server" });
  report("page");
  await run("npm", ["run", "build", "-w", "softphone"], { log: "build-softphone" });
  stamp("build", hash);
  return "built";
}

const buildInputs = () =>
  ["package-lock.json", "tsconfig.base.json", "shared", "softphone", ...PROCESSES].map((name) => inRoot(name));

const builtFiles = () => [
  ...PROCESSES.map((folder) => inRoot(folder, "dist/main.js")),
  inRoot("media-server/dist/dsp.wasm"),
  inRoot("softphone/dist/page/index.html"),
];

async function speech(report) {
  const hash = contentHash([], ...speechKey());
  if (hasSpeech() && isStamped("speech", hash)) return "unchanged";
  await ensurePackages(VOICE, report);
  const made = await makeSpeech(report);
  stamp("speech", hash);
  return made;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setUp({ forTests: process.argv.includes("--test") });
    say(`Ready. Start it with: npm start (in ${ROOT})`);
  } catch (error) {
    fail(error);
  }
}
