import type { TimerName } from "@legwork/shared/interaction";
import { z } from "zod";

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, "use lower-case letters, digits and dashes");
const reason = z.object({ id, label: z.string().min(1), labelNb: z.string().min(1) }).strict();
const port = z.number().int().min(1).max(65535);

const policy = z
  .object({
    "consult.end": z.enum(["end-interaction", "back-to-customer"]).default("end-interaction"), // CO-7
    "consult.return": z.enum(["automatic", "stay-held"]).default("automatic"), // CO-9
    "transfer.accept": z.enum(["automatic", "ask"]).default("automatic"), // CO-5
    "seat.lost": z.enum(["queue", "end"]).default("queue"), // SE-1
    /** Seconds a seat is kept for a station that has gone without a word (SE-1). */
    "seat.lost.seconds": z.number().int().min(5).max(600).default(60),
    /** Seconds a queue lets one agent's station ring (QU-1). */
    "ring.seconds": z.number().int().min(3).max(120).default(20),
    /** Seconds a consulted agent's station rings (CO-9). */
    "consult.ring.seconds": z.number().int().min(3).max(120).default(30),
    /** Seconds until the default reason is submitted; 0: never (WU-1). */
    "wrap-up.auto.seconds": z.number().int().min(0).max(3600).default(120),
    "wrap-up.auto.cancel": z.boolean().default(true),
    "wrap-up.default": id,
  })
  .strict();

/** What a site is: people, queues, numbers, trunks, rules. Read once at the start; every mistake is reported, not the first. */
export const siteSchema = z
  .object({
    domain: z.string().regex(/^[a-z0-9.-]+$/i),
    country: z.string().regex(/^[A-Z]{2}$/, "use the two capital letters of ISO 3166-1"),
    policy,
    agents: z
      .array(
        z
          .object({
            id,
            name: z.string().min(1),
            password: z.string().min(4),
            role: z.enum(["agent", "supervisor", "admin"]).default("agent"),
            extension: z
              .string()
              .regex(/^[0-9]{3,6}$/)
              .nullable()
              .default(null),
            /** Digest password of that extension's telephone. */
            phonePassword: z.string().min(4).nullable().default(null),
          })
          .strict(),
      )
      .min(1),
    queues: z.array(z.object({ id, name: z.string().min(1), agents: z.array(id) }).strict()).min(1),
    entryPoints: z
      .array(
        z.object({ id, name: z.string().min(1), number: z.string().regex(/^\+?[0-9]{3,18}$/), queue: id }).strict(),
      )
      .min(1),
    wrapUpReasons: z.array(reason).min(1),
    idleReasons: z.array(reason).min(1),
    /** Where customers' calls come from: nothing else may call in (TK-1). */
    trunks: z.array(z.object({ name: id, address: z.ipv4(), port }).strict()),
  })
  .strict()
  .superRefine((site, ctx) => {
    const agents = new Set(site.agents.map((a) => a.id));
    const queues = new Set(site.queues.map((q) => q.id));
    site.queues.forEach((q, i) =>
      q.agents.forEach((a, j) => {
        if (!agents.has(a))
          ctx.addIssue({ code: "custom", path: ["queues", i, "agents", j], message: `no agent "${a}"` });
      }),
    );
    site.entryPoints.forEach((e, i) => {
      if (!queues.has(e.queue)) {
        ctx.addIssue({ code: "custom", path: ["entryPoints", i, "queue"], message: `no queue "${e.queue}"` });
      }
    });
    if (!site.wrapUpReasons.some((r) => r.id === site.policy["wrap-up.default"])) {
      ctx.addIssue({ code: "custom", path: ["policy", "wrap-up.default"], message: "not one of wrapUpReasons" });
    }
  });

export type Site = z.infer<typeof siteSchema>;
export type Policy = Site["policy"];

/** A site, or all that is wrong with it as one text. */
export function parseSite(json: unknown): { readonly site: Site } | { readonly mistakes: string } {
  const parsed = siteSchema.safeParse(json);
  return parsed.success ? { site: parsed.data } : { mistakes: z.prettifyError(parsed.error) };
}

/** How long each timer of an interaction runs, in milliseconds. */
export const timerLengths = (policy: Policy): Readonly<Record<TimerName, number>> => ({
  ring: policy["ring.seconds"] * 1000,
  "no-answer": policy["consult.ring.seconds"] * 1000,
  hold: 2_000, // HO-4
  joining: 2_000,
  "transfer-plan": 1_000, // CO-4
  "transfer-up": 5_000, // CO-4
  "transfer-answer": 20_000, // CO-5
});
