import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, jest } from "@jest/globals";

jest.setTimeout(120_000);

const ROOT = process.cwd();
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Builds with source maps, which name every module of the bundle, whatever else the build says of it. */
function build(config: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "licenses-"));
  folders.push(folder);
  const vite = path.join(ROOT, "node_modules/vite/bin/vite.js");
  const options = ["--config", config, "--outDir", folder, "--emptyOutDir", "--sourcemap"];
  const env = { ...process.env, NODE_ENV: "production" };
  const built = spawnSync(process.execPath, [vite, "build", ...options], {
    cwd: path.join(ROOT, "softphone"),
    encoding: "utf8",
    env,
  });
  if (built.status !== 0) throw new Error(`vite build: ${built.stderr}${built.stdout}`);
  return folder;
}

/** The packages in a bundle, as `name - version`. */
function bundled(folder: string): Set<string> {
  const maps = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js.map"));
  expect(maps.length).toBeGreaterThan(2);
  const packages = new Set<string>();
  for (const map of maps) {
    const { sources } = JSON.parse(readFileSync(path.join(folder, map), "utf8")) as { sources: string[] };
    for (const source of sources) {
      const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
      if (!name) continue;
      const manifest = readFileSync(path.join(ROOT, "node_modules", name, "package.json"), "utf8");
      packages.add(`${name} - ${(JSON.parse(manifest) as { version: string }).version}`);
    }
  }
  return packages;
}

describe.each(["vite.config.ts", "vite.panel.config.ts"])("what %s builds", (config) => {
  it("carries the licence of every package whose code is in it, with its text", () => {
    const folder = build(config);
    const text = readFileSync(path.join(folder, "THIRD-PARTY-LICENSES.txt"), "utf8");
    const sections = new Map(
      text
        .split(/^## /m)
        .slice(1)
        .map((section) => {
          const [heading = "", ...lines] = section.split("\n");
          return [heading.replace(/ \([^)]*\)$/, ""), lines.join("\n").trim()] as const;
        }),
    );
    const packages = bundled(folder);
    for (const known of ["react", "react-dom", "react-aria-components", "i18next", "sip.js", "lucide-react"]) {
      expect([...packages].some((each) => each.startsWith(`${known} - `))).toBe(true);
    }
    for (const each of packages) {
      expect([
        each,
        sections.get(each)?.includes("Permission") || sections.get(each)?.includes("Apache License"),
      ]).toEqual([each, true]);
    }
  });
});
