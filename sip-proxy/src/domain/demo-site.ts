import type { z } from "zod";
import type { siteSchema } from "./site.js";

/** The site a new installation starts with, so that a newcomer sees the whole flow in a minute. */
export const demoSite: z.input<typeof siteSchema> = {
  domain: "legwork.local",
  country: "NO",
  policy: { "wrap-up.default": "resolved" },
  agents: [
    { id: "kari", name: "Kari Moen", password: "legwork-kari" },
    { id: "ola", name: "Ola Hansen", password: "legwork-ola" },
    { id: "ingrid", name: "Ingrid Berg", password: "legwork-ingrid", extension: "2001", phonePassword: "legwork-2001" },
    { id: "sofie", name: "Sofie Lund", password: "legwork-sofie", role: "admin" },
  ],
  queues: [
    { id: "support", name: "Support", agents: ["kari", "ola", "ingrid", "sofie"] },
    { id: "billing", name: "Billing", agents: ["ola", "sofie"] },
  ],
  entryPoints: [
    { id: "support-line", name: "Support line", number: "+4780010001", queue: "support" },
    { id: "billing-line", name: "Billing line", number: "+4780010002", queue: "billing" },
  ],
  wrapUpReasons: [
    { id: "resolved", label: "Resolved", labelNb: "Løst" },
    { id: "follow-up", label: "Follow-up needed", labelNb: "Trenger oppfølging" },
    { id: "transferred", label: "Handed over", labelNb: "Overført" },
    { id: "wrong-number", label: "Wrong number", labelNb: "Feil nummer" },
    { id: "complaint", label: "Complaint", labelNb: "Klage" },
  ],
  idleReasons: [
    { id: "not-ready", label: "Not ready", labelNb: "Ikke klar" },
    { id: "break", label: "Break", labelNb: "Pause" },
    { id: "lunch", label: "Lunch", labelNb: "Lunsj" },
    { id: "meeting", label: "Meeting", labelNb: "Møte" },
  ],
  experts: [
    { id: "nina", name: "Nina Dahl", role: "Electrician", department: "Field service", number: "+4721000101" },
    { id: "per", name: "Per Solberg", role: "Claims handler", department: "Insurance", number: "+4721000102" },
    { id: "aisha", name: "Aisha Khan", role: "Pharmacist", department: "Medical advice", number: "+4721000103" },
    { id: "lars", name: "Lars Vik", role: "Lawyer", department: "Legal" },
  ],
  dialNumbers: [
    { id: "taxi", name: "Taxi", number: "+4721000201" },
    { id: "locksmith", name: "Locksmith", number: "+4721000202" },
  ],
  trunks: [],
};
