import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** A new folder that is this test's own. */
export const temporaryFolder = (name: string): string => fs.mkdtempSync(path.join(os.tmpdir(), `${name}-`));

/** Removes it with all that is in it; what is gone already is no error. */
export const removeFolder = (folder: string): void => fs.rmSync(folder, { recursive: true, force: true });

/** Makes what works in a folder of its own; if it cannot be made the folder is removed. */
export async function inFolder<T>(name: string, make: (folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryFolder(name);
  try {
    return await make(folder);
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}
