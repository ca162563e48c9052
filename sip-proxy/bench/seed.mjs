// Fills a fresh database with agents who have telephones: hashing a password for each of them would take minutes.
import { createHash } from "node:crypto";
import { openStore } from "../dist/adapters/store/open-store.js";

const [folder, siteJson, count, password] = process.argv.slice(2);
const site = JSON.parse(siteJson);
const store = await openStore({ kind: "folder", path: `${folder}/database` });
const hash = (algorithm, text) => createHash(algorithm).update(text).digest("hex");
const agents = Array.from({ length: Number(count) }, (_, i) => {
  const extension = String(100_000 + i);
  const secret = `${extension}:${site.domain}:${password}`;
  return {
    id: `agent-${i}`,
    name: `Agent ${String(i).padStart(6, "0")}`,
    role: "agent",
    extension,
    disabled: false,
    passwordHash: "none",
    phoneHa1: { realm: site.domain, md5: hash("md5", secret), sha256: hash("sha256", secret) },
  };
});
await store.seed({
  agents,
  queues: site.queues,
  entryPoints: site.entryPoints,
  wrapUpReasons: site.wrapUpReasons,
  idleReasons: site.idleReasons,
  experts: [],
  dialNumbers: [],
});
await store.close();
