// Debian packages that the product or its tests need: found missing by looking for what they bring, so that
// a machine that has the same things from elsewhere is content too.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { run, SetupError } from "./progress.mjs";

const command = (name, pkg = name) => ({ pkg, found: () => hasCommand(name) });
const library = (name, pkg) => ({ pkg, found: () => hasLibrary(name) });

/** What the demo customer's voice takes; nothing else that runs needs a Debian package. */
export const VOICE = [command("espeak-ng")];

/** What building mediasoup's worker takes, and with it the libraries that a built worker runs on. */
export const WORKER_BUILD = [
  command("c++", "g++"),
  command("python3"),
  command("meson"),
  command("ninja", "ninja-build"),
  command("pkg-config"),
  command("flatc", "flatbuffers-compiler"),
  library("flatbuffers", "libflatbuffers-dev"),
  library("libsrtp2", "libsrtp2-dev"),
  library("openssl", "libssl-dev"),
  library("libuv", "libuv1-dev"),
];

/** The tests' peers and tools: two browsers, a SIP test machine, two telephones, a database server, sound and network tools. */
export const TEST = [
  command("chromium"),
  command("firefox-esr"),
  command("pulseaudio"), // the sound card that Firefox plays on: without one it plays nothing
  command("parec", "pulseaudio-utils"),
  command("sipp", "sip-tester"),
  command("baresip", "baresip-core"),
  command("linphonec", "linphone-cli"),
  command("sox"),
  command("ip", "iproute2"),
  command("unshare", "util-linux"),
  command("tcpdump"),
  command("git"),
  {
    pkg: "postgresql",
    found: () => fs.existsSync("/usr/lib/postgresql") && fs.readdirSync("/usr/lib/postgresql").some(hasServer),
  },
];

/** Packages of these lists that are missing here. */
export const missing = (...lists) => lists.flat().filter((need) => !need.found());

/**
 * Installs what is missing as root, or stops with the one command to run.
 * Returns a short text for a progress line.
 */
export async function ensurePackages(needs, report) {
  const wanted = missing(needs).map((need) => need.pkg);
  if (wanted.length === 0) return "all there";
  if (!hasCommand("apt-get")) {
    throw new SetupError(
      `These are missing here: ${wanted.join(", ")} (names of Debian packages). Please install them.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `Some Debian packages are missing. Please run this once, then try again:\n\n  sudo apt-get update && ` +
        `sudo apt-get install -y --no-install-recommends ${wanted.join(" ")}\n`,
    );
  }
  await install(wanted, report);
  const still = missing(needs).map((need) => need.pkg);
  if (still.length > 0) throw new SetupError(`Installed, but still not found: ${still.join(", ")}.`);
  return `installed ${wanted.join(", ")}`;
}

async function install(packages, report) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  report("apt-get update");
  await run("apt-get", [...wait, "update"], { env, log: "apt-update" });
  report(`installing ${packages.join(", ")}`);
  const onLine = (line) => {
    const doing = /^(Get:\d+|Unpacking|Setting up)\s.*?([a-z0-9][a-z0-9.+-]+)/.exec(line);
    if (doing) report(line.slice(0, 70));
  };
  const args = [...wait, "install", "-y", "--no-install-recommends", ...packages];
  await run("apt-get", args, { env, log: "apt-install", onLine });
}

/** Debian keeps a folder for each version of the server, outside PATH. */
const hasServer = (version) => fs.existsSync(path.join("/usr/lib/postgresql", version, "bin/postgres"));

/** Whether a program of this name is in PATH. */
export function hasCommand(name) {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => folder !== "" && fs.existsSync(path.join(folder, name)));
}

function hasLibrary(name) {
  return hasCommand("pkg-config") && spawnSync("pkg-config", ["--exists", name], { stdio: "ignore" }).status === 0;
}
