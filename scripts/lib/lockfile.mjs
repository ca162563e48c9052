// Whether node_modules holds what package-lock.json asks for: npm notes what it installed in a lock file of its own.
import fs from "node:fs";
import { inRoot } from "./project.mjs";

const packagesOf = (file) => JSON.parse(fs.readFileSync(file, "utf8")).packages;

/** Compares the two lock files; packages that are optional (other platforms' binaries) may be absent. */
export function nodeModulesAreCurrent(
  wantedFile = inRoot("package-lock.json"),
  installedFile = inRoot("node_modules/.package-lock.json"),
) {
  if (!fs.existsSync(installedFile)) return false;
  const installed = packagesOf(installedFile);
  return Object.entries(packagesOf(wantedFile)).every(([place, wanted]) => {
    if (!place.includes("node_modules/")) return true; // the root and the workspaces themselves
    const here = installed[place];
    if (!here) return Boolean(wanted.optional || wanted.devOptional || wanted.peer);
    return here.version === wanted.version;
  });
}
