// Puts a working mediasoup-worker binary where the installed mediasoup package looks for it:
// node_modules/mediasoup/worker/out/Release/mediasoup-worker.
//
//   1. one that is there, or in the cache, and runs: done;
//   2. else mediasoup's own installer, which downloads a prebuilt one;
//   3. else, without that network, a build from the sources in the npm package with Debian's libraries in place
//      of the ones that mediasoup's build would download (media-worker/subprojects).
//
// Environment: MEDIASOUP_WORKER_BIN (then there is nothing to do), MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD (no
// step 2), LEGWORK_BUILD_JOBS (compilers at a time), XDG_CACHE_HOME.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensurePackages, WORKER_BUILD } from "./debian.mjs";
import { run, SetupError } from "./progress.mjs";
import { CACHE, filesBelow, inRoot } from "./project.mjs";

const DOWNLOAD_TIMEOUT_MS = 120_000;
const GOOD_EXIT_CODE = 41; // mediasoup's own check: what a worker answers to a missing MEDIASOUP_VERSION

/** Edits to a copy of mediasoup's worker/ folder; each `from` must be there exactly once. */
const PATCHES = [
  {
    // It needs nothing that Meson 1.0.1, Debian 12's, lacks.
    file: "meson.build",
    from: "meson_version: '>= 1.1.0'",
    to: "meson_version: '>= 1.0.1'",
  },
  {
    // The BIO callback answers 1 to every BIO_ctrl(), so an OpenSSL built with kernel TLS (Debian's is, mediasoup's
    // is not) takes the BIO for one that does kernel TLS, allocates no write buffer and crashes in the DTLS
    // handshake. BIO_CB_RETURN is a flag: with it the callback has to return `ret`.
    file: "src/RTC/DtlsTransport.cpp",
    from: "(operationType == BIO_CB_RETURN)",
    to: "(operationType & BIO_CB_RETURN)",
  },
];

const shims = inRoot("media-worker/subprojects");
const pkgDir = inRoot("node_modules/mediasoup");
const target = path.join(pkgDir, "worker/out/Release/mediasoup-worker");
const origin = `${target}.from`; // names the cached file that the target is a copy of

/** Whether this file is a worker that starts here (its libraries are found). */
function works(file) {
  return fs.existsSync(file) && spawnSync(file, [], { stdio: "ignore", env: {} }).status === GOOD_EXIT_CODE;
}

function put(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  const temporary = `${to}.${process.pid}.tmp`;
  fs.copyFileSync(from, temporary);
  fs.chmodSync(temporary, 0o755);
  fs.renameSync(temporary, to);
}

function mediasoupVersion() {
  return JSON.parse(fs.readFileSync(path.join(pkgDir, "package.json"), "utf8")).version;
}

function cacheFile(version) {
  const hash = createHash("sha256").update(JSON.stringify(PATCHES));
  for (const file of filesBelow(shims)) hash.update(path.relative(shims, file)).update(fs.readFileSync(file));
  const key = `${version}-${os.platform()}-${os.arch()}-${hash.digest("hex").slice(0, 12)}`;
  return path.join(CACHE, `mediasoup-worker-${key}`);
}

async function downloadPrebuilt() {
  // PYTHON=false makes its fallback, a local build with downloaded tools, stop at once.
  const env = { ...process.env, PYTHON: "false" };
  const options = { cwd: pkgDir, env, log: "worker-download", timeout: DOWNLOAD_TIMEOUT_MS };
  try {
    await run(process.execPath, ["npm-scripts.mjs", "postinstall"], options);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error; // not to be had: the caller builds one
  }
  return works(target);
}

function patch(dir, { file, from, to }) {
  const name = path.join(dir, file);
  const parts = fs.readFileSync(name, "utf8").split(from);
  if (parts.length !== 2)
    throw new Error(`${file}: expected ${JSON.stringify(from)} once, found it ${parts.length - 1} times`);
  fs.writeFileSync(name, parts.join(to));
}

async function build(out, report) {
  report("Debian packages for the build");
  await ensurePackages(WORKER_BUILD, report);
  if (works(out)) return; // an earlier build had only lost its libraries
  fs.mkdirSync(path.dirname(out), { recursive: true });
  const dir = fs.mkdtempSync(path.join(path.dirname(out), "build-"));
  try {
    fs.cpSync(path.join(pkgDir, "worker"), dir, { recursive: true });
    for (const name of ["out", "subprojects"]) fs.rmSync(path.join(dir, name), { recursive: true, force: true });
    fs.cpSync(shims, path.join(dir, "subprojects"), { recursive: true });
    for (const edit of PATCHES) patch(dir, edit);
    const options = ["--buildtype", "release", "-Db_ndebug=true", "--wrap-mode", "nodownload"];
    report("meson setup");
    await run("meson", ["setup", ...options, "build"], { cwd: dir, log: "worker-meson" });
    const jobs = process.env.LEGWORK_BUILD_JOBS || String(os.availableParallelism());
    const onLine = (line) => {
      const [, done, all] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
      if (all) report(`compiling, once for this machine: ${Math.floor((100 * done) / all)} %`);
    };
    await run("ninja", ["-C", "build", "-j", jobs, "mediasoup-worker"], { cwd: dir, log: "worker-ninja", onLine });
    const built = path.join(dir, "build/mediasoup-worker");
    if (!works(built)) throw new SetupError("The mediasoup worker that was built does not run.");
    put(built, out);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

/** Makes sure that mediasoup finds a worker that runs; returns a short text for a progress line. */
export async function ensureMediaWorker(report) {
  if (process.env.MEDIASOUP_WORKER_BIN) return `MEDIASOUP_WORKER_BIN is ${process.env.MEDIASOUP_WORKER_BIN}`;
  const version = mediasoupVersion();
  const cached = cacheFile(version);
  const key = path.basename(cached);
  const copied = fs.existsSync(origin) ? fs.readFileSync(origin, "utf8") : undefined;
  const stale = copied !== undefined && copied !== key;
  if (!stale && works(target)) return "there already";
  if (!works(cached)) {
    report(`downloading mediasoup's prebuilt worker ${version}`);
    if (!process.env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD && (await downloadPrebuilt())) {
      fs.rmSync(origin, { force: true });
      return `prebuilt ${version}`;
    }
    await build(cached, report);
  }
  put(cached, target);
  fs.writeFileSync(origin, key);
  return `mediasoup ${version}`;
}
