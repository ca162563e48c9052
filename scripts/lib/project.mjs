// Where things are, and how the scripts tell that something has not changed since they last did it.
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The clone's root folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The run-time data folder in the clone: database, logs, stamps, generated speech. Git ignores it. */
export const DATA = path.join(ROOT, ".legwork");

/** What is expensive to make and good for every clone of this user, outside the clone. */
export const CACHE = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "legwork");

/** Makes a folder for data, which only its owner may enter: it holds calls, notes and passwords. One that was made elsewhere stays as open as it is. */
export function makeDataFolder(folder) {
  const made = fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (made || folder === DATA) fs.chmodSync(folder, 0o700);
}

/** A path below the clone's root. */
export const inRoot = (...parts) => path.join(ROOT, ...parts);

const SKIPPED = new Set(["node_modules", "dist", ".git", ".legwork", "coverage", "out"]);

/** All files below `folder`, sorted, without what is generated; a file stands for itself, a missing one for nothing. */
export function filesBelow(folder) {
  const info = fs.statSync(folder, { throwIfNoEntry: false });
  if (!info) return [];
  if (info.isFile()) return [folder];
  return fs
    .readdirSync(folder)
    .sort()
    .filter((name) => !SKIPPED.has(name) && !name.endsWith(".tsbuildinfo"))
    .flatMap((name) => filesBelow(path.join(folder, name)));
}

/** One hash over the names and contents of files and folders, and over any further `keys`. */
export function contentHash(paths, ...keys) {
  const hash = createHash("sha256").update(JSON.stringify(keys));
  for (const file of paths.flatMap(filesBelow)) {
    hash.update(path.relative(ROOT, file)).update("\0").update(fs.readFileSync(file)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

const stampFile = (name) => path.join(DATA, "stamps", name);

/** Whether step `name` was last completed with this very content. */
export function isStamped(name, hash) {
  const file = stampFile(name);
  return fs.existsSync(file) && fs.readFileSync(file, "utf8").trim() === hash;
}

/** Notes that step `name` is done for this content. */
export function stamp(name, hash) {
  fs.mkdirSync(path.dirname(stampFile(name)), { recursive: true, mode: 0o700 });
  fs.writeFileSync(stampFile(name), `${hash}\n`);
}
