import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { removeFolder } from "./temporary.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAKER = path.join(ROOT, "sip-proxy/dist/adapters/store/pglite-create.js");
const KEPT = path.join(ROOT, ".legwork/test");

/**
 * Puts a database without tables into a product's data folder. Making one takes seconds of CPU, so it is made once, as the product
 * does it, and copied for each product; every start makes its own tables in it. That the product makes the rest as well is what
 * `demo-answers.e2e.ts` and the tests of the store see.
 */
export async function putEmptyDatabase(dataDir: string): Promise<void> {
  const template = path.join(KEPT, `empty-database-${version()}`);
  if (!fs.existsSync(template)) await make(template);
  fs.cpSync(template, path.join(dataDir, "database"), { recursive: true });
}

const version = (): string => {
  const file = path.join(ROOT, "node_modules/@electric-sql/pglite/package.json");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
};

/** Beside its place, and moved there when it is whole: several runs may make it at the same time. */
async function make(template: string): Promise<void> {
  fs.mkdirSync(KEPT, { recursive: true });
  const folder = fs.mkdtempSync(`${template}-unfinished-`);
  try {
    const child = spawn(process.execPath, [MAKER, folder], { stdio: ["ignore", "ignore", "inherit"] });
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error(`the database cannot be made: ${code}`);
    if (!fs.existsSync(template)) fs.renameSync(folder, template);
  } catch (error) {
    if (!fs.existsSync(template)) throw error;
  } finally {
    removeFolder(folder);
  }
}
