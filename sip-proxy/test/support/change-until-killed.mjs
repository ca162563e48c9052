// Changes the same dial number as fast as it can, and says after each change that it is acknowledged, until somebody kills it.
import { openStore } from "../../dist/adapters/store/open-store.js";

const store = await openStore({ kind: "folder", path: process.argv[2] });
for (let n = Number(process.argv[3]) + 1; ; n++) {
  const record = { id: "killed", name: "", number: String(n) };
  const entry = { at: n, who: "bo", action: "changed", kind: "dialNumbers", subject: "killed", before: null };
  await store.change({ op: "put", kind: "dialNumbers", record }, { ...entry, after: record });
  process.stdout.write(`${n}\n`);
}
