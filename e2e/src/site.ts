import fs from "node:fs";
import path from "node:path";

/** Where the tests' customer calls from: a trunk is known by its address and port. */
export const TRUNK_PORT = 5180;
export const SUPPORT_NUMBER = "+4780010001";
export const SECOND_NUMBER = "+4780010002";

/** Served by agents with desk phones. */
export const PHONES_NUMBER = "+4780010003";

/** The carrier that calls to numbers go through, and what the site calls itself there. */
export const CARRIER_PORT = 5181;
export const SITE_NUMBER = "+4780010000";

export const SITE_DOMAIN = "legwork.test";
export const PASSWORD = "secret-of-all";

/** With which the desk phones register. */
export const PHONE_PASSWORD = "phone-secret";

/** A small site whose time-outs are short enough to be waited for. */
const site = {
  domain: SITE_DOMAIN,
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
    { id: "eva", name: "Eva", password: PASSWORD, extension: "2001", phonePassword: PHONE_PASSWORD },
    { id: "finn", name: "Finn", password: PASSWORD, extension: "2002", phonePassword: PHONE_PASSWORD },
  ],
  queues: [
    { id: "support", name: "Support", agents: ["anna", "bo"] },
    { id: "second", name: "Second line", agents: ["bo"] },
    { id: "phones", name: "Desk phones", agents: ["eva", "finn"] },
  ],
  entryPoints: [
    { id: "support-line", name: "Support line", number: SUPPORT_NUMBER, queue: "support" },
    { id: "second-line", name: "Second line", number: SECOND_NUMBER, queue: "second" },
    { id: "phones-line", name: "Phones line", number: PHONES_NUMBER, queue: "phones" },
  ],
  wrapUpReasons: [
    { id: "resolved", label: "Resolved", labelNb: "Løst" },
    { id: "handed-over", label: "Handed over", labelNb: "Overført" },
  ],
  idleReasons: [
    { id: "not-ready", label: "Not ready", labelNb: "Ikke klar" },
    { id: "break", label: "Break", labelNb: "Pause" },
  ],
  experts: [
    { id: "nina", name: "Nina Dahl", role: "Electrician", department: "Field service", number: "22 00 01 01" },
    { id: "lars", name: "Lars Vik", role: "Lawyer", department: "Legal" },
  ],
  dialNumbers: [{ id: "taxi", name: "Taxi", number: "+4722000201" }],
  trunks: [
    { name: "test-trunk", address: "127.0.0.1", port: TRUNK_PORT },
    {
      name: "carrier",
      address: "127.0.0.1",
      port: CARRIER_PORT,
      outbound: { callerId: { number: SITE_NUMBER, name: "Legwork", customer: true } },
      limits: { perMinute: 1000 },
    },
  ],
  calling: { perAgent: { perMinute: 600 } },
};

/** Writes the site file and returns its path; `parts` take the place of the site's own. */
export function writeSite(
  dir: string,
  policy: Readonly<Record<string, unknown>> = {},
  parts: Readonly<Record<string, unknown>> = {},
): string {
  const file = path.join(dir, "site.json");
  fs.writeFileSync(file, JSON.stringify({ ...site, ...parts, policy: { ...site.policy, ...policy } }));
  return file;
}
