/** The administration API (DI-1): what a site is made of, as its administrators send and get it. The site file has the same shapes. */
import { z } from "zod";
import { role } from "./session.js";

const name = z.string().min(1).max(128);
const dialled = z.string().min(1).max(128);

/** What everything of a site is called by. */
export const siteId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, "use lower-case letters, digits and dashes");

const agentFields = {
  name,
  password: z.string().min(8).max(256),
  role,
  /** The desk phone. */
  extension: z
    .string()
    .regex(/^[0-9]{3,6}$/, "use 3 to 6 digits")
    .nullable(),
  /** Digest password of that extension's telephone; null: it cannot register. */
  phonePassword: z.string().min(4).max(256).nullable(),
  /** What that telephone is challenged with (RFC 8760); many know MD5 only. */
  phoneDigest: z.enum(["MD5", "SHA-256"]),
};
const queueFields = { name, agents: z.array(siteId) };
const entryPointFields = {
  name,
  number: z.string().regex(/^\+?[0-9]{3,18}$/, "use 3 to 18 digits, + in front if you like"),
  queue: siteId,
};
const reasonFields = { label: name, labelNb: name };
const expertFields = {
  name,
  role: z.string().max(128),
  department: z.string().max(128),
  /** Work number; null: not shown to agents (DF-4). */
  number: dialled.nullable(),
};
const dialNumberFields = { name, number: dialled };

/** An agent as the site file has one. */
export const siteAgent = z
  .object({
    id: siteId,
    ...agentFields,
    role: role.default("agent"),
    extension: agentFields.extension.default(null),
    phonePassword: agentFields.phonePassword.default(null),
    phoneDigest: agentFields.phoneDigest.optional(),
  })
  .strict();
export const siteQueue = z.object({ id: siteId, ...queueFields }).strict();
export const siteEntryPoint = z.object({ id: siteId, ...entryPointFields }).strict();
export const siteReason = z.object({ id: siteId, ...reasonFields }).strict();
export const siteExpert = z.object({ id: siteId, ...expertFields, number: expertFields.number.default(null) }).strict();
export const siteDialNumber = z.object({ id: siteId, ...dialNumberFields }).strict();

/** Passwords are never told, only whether there is one. */
const agentView = z.object({
  id: siteId,
  name,
  role,
  extension: agentFields.extension,
  /** May not sign in and cannot be called. */
  disabled: z.boolean(),
  /** The extension's telephone has a password. */
  phonePassword: z.boolean(),
  phoneDigest: agentFields.phoneDigest.nullable(),
});
export type AdminAgent = z.infer<typeof agentView>;

const reasons = {
  one: "a reason",
  many: "reasons",
  add: siteReason,
  change: z.object(reasonFields).partial().strict(),
  view: siteReason,
} as const;

/** Each kind of thing: its path under /api/admin, what is sent to add and to change one, and what comes back. */
export const adminKinds = {
  agents: {
    path: "agents",
    one: "an agent",
    many: "agents",
    add: siteAgent.extend({ disabled: z.boolean().default(false) }),
    change: z
      .object({ ...agentFields, disabled: z.boolean() })
      .partial()
      .strict(),
    view: agentView,
  },
  queues: {
    path: "queues",
    one: "a queue",
    many: "queues",
    add: siteQueue,
    change: z.object(queueFields).partial().strict(),
    view: siteQueue,
  },
  entryPoints: {
    path: "entry-points",
    one: "an entry point",
    many: "entry points",
    add: siteEntryPoint,
    change: z.object(entryPointFields).partial().strict(),
    view: siteEntryPoint,
  },
  wrapUpReasons: { path: "wrap-up-reasons", ...reasons },
  idleReasons: { path: "idle-reasons", ...reasons },
  experts: {
    path: "experts",
    one: "an expert",
    many: "experts",
    add: siteExpert,
    change: z.object(expertFields).partial().strict(),
    view: siteExpert,
  },
  dialNumbers: {
    path: "dial-numbers",
    one: "a dial number",
    many: "dial numbers",
    add: siteDialNumber,
    change: z.object(dialNumberFields).partial().strict(),
    view: siteDialNumber,
  },
} as const;
export type AdminKind = keyof typeof adminKinds;
export type AdminView<K extends AdminKind> = z.infer<(typeof adminKinds)[K]["view"]>;

export const auditQuery = z
  .object({
    /** Entries older than the one with this id. */
    before: z.coerce.number().int().positive().optional(),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  })
  .strict();

/** Newest first. */
export const auditLog = z.object({
  entries: z.array(
    z.object({
      id: z.number().int(),
      at: z.iso.datetime(),
      /** Id of the agent who did it; null: nobody who was signed in. */
      who: z.string().nullable(),
      action: z.enum(["added", "changed", "removed", "signed-in", "signed-out", "sign-in-failed"]),
      kind: z.enum(["session", ...(Object.keys(adminKinds) as AdminKind[])]),
      /** Id of what was changed, or of the agent whose session it is; empty: a sign-in of nobody known. */
      subject: z.string(),
      /** Without passwords. */
      before: z.record(z.string(), z.unknown()).nullable(),
      after: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
});
export type AuditLogView = z.infer<typeof auditLog>;
