import fs from "node:fs";
import path from "node:path";

/** Where the tests' customer calls from: a trunk is known by its address and port. */
export const TRUNK_PORT = 5180;
export const SUPPORT_NUMBER = "+4780010001";
export const SECOND_NUMBER = "+4780010002";

export const PASSWORD = "secret";

/** A small site whose time-outs are short enough to be waited for. */
const site = {
  domain: "legwork.test",
  country: "NO",
  policy: {
    "wrap-up.default": "resolved",
    "wrap-up.auto.seconds": 300,
    "ring.seconds": 6,
    "consult.ring.seconds": 6,
  },
  agents: [
    { id: "anna", name: "Anna", password: PASSWORD },
    { id: "bo", name: "Bo", password: PASSWORD },
    { id: "eva", name: "Eva", password: PASSWORD, extension: "2001", phonePassword: "phone-secret" },
  ],
  queues: [
    { id: "support", name: "Support", agents: ["anna", "bo"] },
    { id: "second", name: "Second line", agents: ["bo"] },
  ],
  entryPoints: [
    { id: "support-line", name: "Support line", number: SUPPORT_NUMBER, queue: "support" },
    { id: "second-line", name: "Second line", number: SECOND_NUMBER, queue: "second" },
  ],
  wrapUpReasons: [
    { id: "resolved", label: "Resolved", labelNb: "Løst" },
    { id: "handed-over", label: "Handed over", labelNb: "Overført" },
  ],
  idleReasons: [
    { id: "not-ready", label: "Not ready", labelNb: "Ikke klar" },
    { id: "break", label: "Break", labelNb: "Pause" },
  ],
  trunks: [{ name: "test-trunk", address: "127.0.0.1", port: TRUNK_PORT }],
};

/** Writes the site file and returns its path. */
export function writeSite(dir: string, policy: Readonly<Record<string, unknown>> = {}): string {
  const file = path.join(dir, "site.json");
  fs.writeFileSync(file, JSON.stringify({ ...site, policy: { ...site.policy, ...policy } }));
  return file;
}
