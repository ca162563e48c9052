// Opens a database in a new folder, and says how much memory this process ever had, in MB.
import { readFileSync } from "node:fs";
import { openStore } from "../../dist/adapters/store/open-store.js";

const store = await openStore({ kind: "folder", path: process.argv[2] });
const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
process.stdout.write(String(Math.round(Number(kilobytes) / 1024)));
await store.close();
