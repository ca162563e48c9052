import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";

jest.setTimeout(60_000);

const SIGN_IN_KB = 120;
const READY_KB = 340;

/** The page as it is shipped: gzip size in bytes and text by file. */
const files = new Map<string, { readonly size: number; readonly text: string }>();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "page-"));
  const vite = path.join(process.cwd(), "node_modules/vite/bin/vite.js");
  const env = { ...process.env, NODE_ENV: "production" };
  const options = { cwd: path.join(process.cwd(), "softphone"), encoding: "utf8", env } as const;
  const built = spawnSync(process.execPath, [vite, "build", "--outDir", folder, "--emptyOutDir"], options);
  if (built.status !== 0) throw new Error(`vite build: ${built.stderr}${built.stdout}`);
  for (const name of ["index.html", ...readdirSync(path.join(folder, "assets")).map((file) => `assets/${file}`)]) {
    const content = readFileSync(path.join(folder, name));
    files.set(name, { size: gzipSync(content, { level: 9 }).length, text: content.toString("utf8") });
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kB = (names: readonly string[]) => names.reduce((sum, name) => sum + (files.get(name)?.size ?? 0), 0) / 1000;
const all = () => [...files.keys()];
const atSignIn = () => all().filter((name) => name === "index.html" || name.startsWith("assets/index-"));

describe("the page", () => {
  it(`is at most ${SIGN_IN_KB} kB (gzip) at sign-in, and ${READY_KB} kB until a call can be taken`, () => {
    console.info(`sign-in ${kB(atSignIn()).toFixed(1)} kB, ready ${kB(all()).toFixed(1)} kB`);
    expect(kB(atSignIn())).toBeLessThanOrEqual(SIGN_IN_KB);
    expect(kB(all())).toBeLessThanOrEqual(READY_KB);
  });

  it("loads nothing during a call: only the entry loads anything, and that is after sign-in", () => {
    const loading = all().filter((name) => name.endsWith(".js") && /\bimport\(/.test(files.get(name)?.text ?? ""));
    expect(loading.map((name) => name.replace(/-[^-]*\.js$/, ""))).toEqual(["assets/index"]);
    const chunks = all()
      .filter((name) => name.endsWith(".js"))
      .map((name) => name.replace(/-[\w-]{8}\.js$/, ""));
    expect(chunks.toSorted()).toEqual(["assets/desktop-page", "assets/index", "assets/ua"]);
  });

  it("[DN-3] leaves the numbering plans of the world on the server", () => {
    for (const { text } of files.values()) expect(text).not.toContain("NATIONAL_NUMBER");
    expect([...files.values()].some(({ text }) => text.includes("NOT_A_NUMBER"))).toBe(false);
  });
});
