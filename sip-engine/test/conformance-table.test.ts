import { describe, expect, it } from "@jest/globals";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const IDS = [
  ...Array.from({ length: 24 }, (_, index) => `C${index + 1}`),
  ...Array.from({ length: 28 }, (_, index) => `E${index + 1}`),
];

/** Test files of the workspace by path, with the ids that their titles begin with. */
function idsByFile(): Map<string, Set<string>> {
  const files = ["src", "test"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => join(ROOT, folder, name)),
  );
  return new Map(
    files.map((file) => {
      const titles = readFileSync(file, "utf8").matchAll(/\bit\(\s*["'`]((?:[CE]\d+ )+)/g);
      return [relative(ROOT, file), new Set([...titles].flatMap(([, ids]) => ids!.trim().split(" ")))] as const;
    }),
  );
}

/** Rows of the table in README.md: id and the files named. */
function table(): Map<string, string[]> {
  const rows = readFileSync(join(ROOT, "README.md"), "utf8").matchAll(/^\| ([CE]\d+)\s*\|.*\|([^|]*)\|$/gm);
  return new Map([...rows].map(([, id, files]) => [id!, files!.trim().split(", ")] as const));
}

describe("the conformance table", () => {
  it("has every id once, and each is in the title of a test", () => {
    const named = new Set([...idsByFile().values()].flatMap((ids) => [...ids]));
    expect(IDS.filter((id) => !named.has(id))).toEqual([]);
    expect([...named].filter((id) => !IDS.includes(id))).toEqual([]);
    expect([...table().keys()]).toEqual(IDS);
  });

  it("names for each id the files whose tests carry it", () => {
    const found = new Map(IDS.map((id) => [id, [] as string[]]));
    for (const [file, ids] of idsByFile()) for (const id of ids) found.get(id)?.push(shortName(file));
    for (const files of found.values()) files.sort();
    expect(Object.fromEntries(table())).toEqual(Object.fromEntries(found));
  });

  it("C24 the suite of drachtio-srf is held to its 52 unit tests and 78 assertions, and npm test runs it", () => {
    const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const [, runner] = /^node (\S+)$/.exec(scripts["srf-suite"] ?? "") ?? [];
    expect(read(runner!)).toContain("unit: 52, assertions: 78");
    expect(read("../scripts/lib/stages.mjs")).toContain('"srf-suite"');
  });
});

/** `test/conformance/frames.test.ts` is `frames`, `test/integration/calls.test.ts` is `integration/calls`. */
function shortName(file: string): string {
  return file.replace(/^test\/(conformance\/)?/, "").replace(/\.test\.ts$/, "");
}
