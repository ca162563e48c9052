import type { TimerName } from "@legwork/shared/interaction";
import {
  siteAgent,
  siteDialNumber,
  siteEntryPoint,
  siteExpert,
  siteId,
  siteQueue,
  siteReason,
} from "@legwork/shared/api";
import { z } from "zod";
import type { InteractionPolicy } from "./interaction-state.js";
import { isTimeZone } from "./site-day.js";
import { siteMistakes } from "./site-rules.js";
import { callingSchema, trunkMistakes, trunkSchema, trunkUsers } from "./trunk-schema.js";

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
    "wrap-up.default": siteId,
    /** Days that event logs, and histories with their wrap-ups, are kept; 0: for ever. */
    "keep.log.days": z.number().int().min(0).max(36_500).default(90),
    "keep.history.days": z.number().int().min(0).max(36_500).default(365),
    /** Seconds after which what another system said of an expert's presence is shown as old (DF-4). */
    "presence.stale.seconds": z.number().int().min(60).max(86_400).default(900),
  })
  .strict();

/** What a site is: people, queues, numbers, trunks, rules. Read once at the start; every mistake is reported, not the first. */
export const siteSchema = z
  .object({
    domain: z.string().regex(/^[a-z0-9.-]+$/i),
    country: z.string().regex(/^[A-Z]{2}$/, "use the two capital letters of ISO 3166-1"),
    /** Where a day begins and ends (IANA); the server's own when absent. */
    timeZone: z.string().refine(isTimeZone, "use a name of the IANA time zone database, like Europe/Oslo").optional(),
    policy,
    agents: z.array(siteAgent).min(1),
    queues: z.array(siteQueue).min(1),
    entryPoints: z.array(siteEntryPoint).min(1),
    wrapUpReasons: z.array(siteReason).min(1),
    idleReasons: z.array(siteReason).min(1),
    /** Where customers' calls come from, and calls to numbers go: nothing else may call in or be called (TK-1). */
    trunks: z.array(trunkSchema),
    calling: callingSchema.default(callingSchema.parse({})),
    /** The organisation's directory (DF-4). */
    experts: z.array(siteExpert).default([]),
    /** Numbers at hand (DF-2). */
    dialNumbers: z.array(siteDialNumber).default([]),
  })
  .strict()
  .superRefine((site, ctx) => {
    const facts = {
      defaultReason: site.policy["wrap-up.default"],
      country: site.country,
      trunkUsers: trunkUsers(site.trunks),
    };
    for (const { kind, index, path, message } of siteMistakes(site, facts)) {
      ctx.addIssue({ code: "custom", path: kind === "policy" ? [kind, ...path] : [kind, index, ...path], message });
    }
    for (const { path, message } of trunkMistakes(site.trunks)) {
      ctx.addIssue({ code: "custom", path: ["trunks", ...path], message });
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

/** What of the site's policy rules an interaction. */
export const interactionPolicy = (policy: Policy): InteractionPolicy => ({
  consultEnd: policy["consult.end"],
  consultReturn: policy["consult.return"],
  transferAccept: policy["transfer.accept"],
  seatLost: policy["seat.lost"],
});
