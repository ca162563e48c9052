// Completes dist/panel to a package that npm can install anywhere: manifest, declarations, licence. Its only dependency is
// zod, for the types of the desktop API. Run after tsc -b and vite build --config vite.panel.config.ts.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const HERE = import.meta.dirname;
const OUT = path.join(HERE, "dist/panel");
const SHARED = path.join(HERE, "../shared");
const read = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Copies the declarations of a folder; those of `shared` are then beside them and not in a package of their own. */
function copyTypes(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((file) => file.endsWith(".d.ts") && !file.endsWith(".test.d.ts"))) {
    const text = readFileSync(path.join(from, name), "utf8")
      .replaceAll(/"@legwork\/shared\/([\w-]+)"/g, '"../$1/index.js"')
      .replaceAll(/^(import "[^"]*\.css";|\/\/# sourceMappingURL=.*)\n?/gm, "");
    writeFileSync(path.join(to, name), text);
  }
}

rmSync(path.join(OUT, "types"), { recursive: true, force: true });
copyTypes(path.join(HERE, "dist/types/package"), path.join(OUT, "types/package"));
for (const folder of ["api", "call-panel"]) {
  copyTypes(path.join(SHARED, "dist", folder), path.join(OUT, "types", folder));
}
cpSync(path.join(HERE, "../LICENSE"), path.join(OUT, "LICENSE"));
const { version, license } = read(path.join(HERE, "package.json"));
const { zod } = read(path.join(SHARED, "package.json")).dependencies;
const manifest = {
  name: "legwork-call-panel",
  version,
  license,
  type: "module",
  exports: {
    ".": { types: "./types/package/index.d.ts", default: "./legwork-panel.js" },
    "./legwork-panel.css": "./legwork-panel.css",
  },
  dependencies: { zod },
};
writeFileSync(path.join(OUT, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
