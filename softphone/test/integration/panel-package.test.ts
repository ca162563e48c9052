import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";

jest.setTimeout(180_000);

const ROOT = process.cwd();
const SOFTPHONE = path.join(ROOT, "softphone");

/** A page of somebody else, as one would write it: every event, a command, the panel in an element. */
const HOST = `
import { CallPanelError, createCallPanel, mountCallPanel, type InteractionView } from "legwork-call-panel";
const panel = createCallPanel({ base: "/phone" });
const names: string[] = [];
panel.on("call-offered", ({ call }) => names.push(call.customer.name));
panel.on("call-changed", ({ call, before }: { call: InteractionView; before: InteractionView }) => {
  names.push(call.phase, before.phase);
});
panel.on("notice", ({ kind }) => names.push(kind));
// @ts-expect-error there is no such event
panel.on("call-vanished", () => undefined);
// @ts-expect-error a target has a kind
void panel.consult({ agent: "bjorn" });
panel.hold().catch((error: unknown) => {
  if (error instanceof CallPanelError && error.code === "hold-failed") names.push(error.code);
});
const mounted = await mountCallPanel(document.body, panel, { language: "nb" });
await mounted.setLanguage("en");
await panel.restore();
mounted.unmount();
await panel.close();
`;

let folder: string;

function run(command: string, args: readonly string[], cwd: string): void {
  const done = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${args.join(" ")}: ${done.stdout}${done.stderr}`);
}

const node = (cwd: string, file: string, ...args: string[]) =>
  run(process.execPath, [path.join(ROOT, file), ...args], cwd);

beforeAll(() => {
  node(ROOT, "node_modules/typescript/bin/tsc", "-b", "softphone");
  node(SOFTPHONE, "node_modules/vite/bin/vite.js", "build", "--config", "vite.panel.config.ts");
  node(SOFTPHONE, "softphone/panel-package.mjs");
  folder = mkdtempSync(path.join(tmpdir(), "host-"));
  const modules = path.join(folder, "node_modules");
  mkdirSync(modules);
  cpSync(path.join(SOFTPHONE, "dist/panel"), path.join(modules, "legwork-call-panel"), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules/zod"), path.join(modules, "zod"));
  writeFileSync(path.join(folder, "host.ts"), HOST);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package of the call panel", () => {
  it("[DF-11] is all that somebody else's page needs to compile, with nothing of this project around it", () => {
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: "es2022",
      module: "esnext",
      moduleResolution: "bundler",
      lib: ["es2023", "dom", "dom.iterable"],
      types: [],
    };
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["host.ts"] }));
    node(folder, "node_modules/typescript/bin/tsc", "-p", ".");
  });

  it("names every file that it has, and nothing of the workspace", () => {
    const root = path.join(folder, "node_modules/legwork-call-panel");
    const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      exports: { ".": Record<string, string>; "./legwork-panel.css": string };
    };
    for (const file of [...Object.values(manifest.exports["."]), manifest.exports["./legwork-panel.css"]]) {
      expect([file, existsSync(path.join(root, file))]).toEqual([file, true]);
    }
    expect(readFileSync(path.join(root, "types/package/index.d.ts"), "utf8")).not.toContain("@legwork/");
  });

  it("loads neither React nor SIP.js until they are needed, and styles nothing but itself", () => {
    const root = path.join(folder, "node_modules/legwork-call-panel");
    const entry = readFileSync(path.join(root, "legwork-panel.js"), "utf8");
    expect(entry).not.toMatch(/createRoot|SIP\/2\.0/);
    expect(entry.length).toBeLessThan(60_000);
    const css = readFileSync(path.join(root, "legwork-panel.css"), "utf8").replaceAll(
      /@keyframes[^{]*\{(?:[^{}]|\{[^}]*\})*\}/g,
      "",
    );
    const selectors = [...css.matchAll(/(?<=[{};]|^)([^{};@]+)\{/g)].map(([, selector = ""]) => selector.trim());
    expect(selectors.length).toBeGreaterThan(100);
    expect(selectors.filter((selector) => !selector.startsWith(".legwork"))).toEqual([]);
  });
});
