// Appends events and wrap-ups as fast as it can, and says after each that it is acknowledged, until somebody kills it.
import { openStore } from "../../dist/adapters/store/open-store.js";

const store = await openStore({ kind: "folder", path: process.argv[2] });
for (let seq = 1; ; seq++) {
  await store.appendEvent(process.argv[3], { seq, event: { type: "mediaInForce", at: seq } });
  process.stdout.write(`${seq}\n`);
}
