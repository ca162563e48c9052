import { describe, expect, it } from "@jest/globals";
import fs from "node:fs";
import { builtinModules } from "node:module";
import { filesBelow, inRoot } from "./project.mjs";

const read = (folder) => JSON.parse(fs.readFileSync(inRoot(folder, "package.json"), "utf8"));
const root = read(".");
const declared = ({ dependencies, devDependencies, peerDependencies }) => ({
  ...dependencies,
  ...devDependencies,
  ...peerDependencies,
});
const BUILTINS = new Set(builtinModules);

/** Packages that the sources of a workspace name. */
function imported(folder) {
  const sources = filesBelow(inRoot(folder, "src")).filter((file) => /(?<!\.test)\.tsx?$/.test(file));
  const names = sources.flatMap((file) => [
    ...fs.readFileSync(file, "utf8").matchAll(/(?:^|\s)(?:from|import)\s*\(?"(@?[a-z][\w./:-]*)"/g),
  ]);
  const packages = names.map(([, name]) =>
    name
      .split("/")
      .slice(0, name.startsWith("@") ? 2 : 1)
      .join("/"),
  );
  return new Set(packages.filter((name) => !name.startsWith("node:") && !BUILTINS.has(name)));
}

describe.each([".", ...root.workspaces])("the packages of %s", (folder) => {
  const own = declared(read(folder));

  it("are pinned exactly", () => {
    const loose = Object.entries({ ...own }).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
  });

  it("are declared where they are imported", () => {
    const shared = folder === "e2e" ? declared(root) : {}; // tests use the root's tools
    const missing = [...imported(folder)].filter((name) => !(name in own) && !(name in shared));
    expect(missing).toEqual([]);
  });
});
