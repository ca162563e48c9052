import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Makes the embedded database's folder if there is none. In a process of its own, because making it takes 500 MB that this one would never give
 * back; beside its place, and moved there when it is whole: what was killed half-way leaves nothing that is taken for a database.
 */
export async function makeDatabaseFolder(folder: string): Promise<void> {
  const unfinished = `${path.basename(folder)}-unfinished-`;
  const beside = path.dirname(folder);
  fs.mkdirSync(beside, { recursive: true });
  for (const name of fs.readdirSync(beside)) {
    if (name.startsWith(unfinished)) fs.rmSync(path.join(beside, name), { recursive: true, force: true });
  }
  if (fs.existsSync(path.join(folder, "PG_VERSION"))) return;
  const made = fs.mkdtempSync(path.join(beside, unfinished));
  await runToEnd(fileURLToPath(new URL("./pglite-create.js", import.meta.url)), made);
  fs.renameSync(made, folder);
}

async function runToEnd(script: string, folder: string): Promise<void> {
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => void (said += String(text)));
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (code !== 0) throw new Error(`the database cannot be made (${signal ?? code}): ${said.slice(-2_000)}`);
}
