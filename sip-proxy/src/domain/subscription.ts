/** What an event subscription is, and for how long (RFC 6665). Pure. */

export const PACKAGES = ["dialog", "presence", "message-summary", "conference"] as const;
export type Package = (typeof PACKAGES)[number];

/** RFC 6665 section 8.4: `Allow-Events`. */
export const ALLOW_EVENTS = PACKAGES.join(", ");

export const CONTENT_TYPE: Readonly<Record<Package, string>> = {
  dialog: "application/dialog-info+xml",
  presence: "application/pidf+xml",
  "message-summary": "application/simple-message-summary",
  conference: "application/conference-info+xml",
};

export const MAX_SUBSCRIPTION_S = 3600;
export const MIN_SUBSCRIPTION_S = 30;

/** The package of an Event value; null: none of ours. Parameters (`;id=1`) are the subscriber's own. */
export function packageOf(event: string): Package | null {
  const name = event.split(";")[0]?.trim().toLowerCase();
  return PACKAGES.find((known) => known === name) ?? null;
}

/** Seconds a subscription lasts; 0: told once, or not any more; null: too short (423). */
export function durationOf(expires: string | undefined): number | null {
  const seconds = expires !== undefined && /^\s*\d{1,10}\s*$/.test(expires) ? Number(expires) : MAX_SUBSCRIPTION_S;
  if (seconds > 0 && seconds < MIN_SUBSCRIPTION_S) return null;
  return Math.min(seconds, MAX_SUBSCRIPTION_S);
}

/** RFC 3261 section 20.1: what the package is told in is among what the subscriber takes. No Accept takes the package's own. */
export function accepts(accept: string | undefined, contentType: string): boolean {
  if (accept === undefined) return true;
  const taken = accept.split(",").map((one) => one.split(";")[0]?.trim().toLowerCase());
  return taken.some((one) => one === contentType || one === "*/*" || one === "application/*");
}

/** Answers to a NOTIFY that end its subscription or dialog (RFC 6665 section 4.2.2, RFC 5057 section 5.1). Others are about that NOTIFY alone. */
const ENDING = new Set([404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 502, 604]);
export const endsSubscription = (status: number): boolean => ENDING.has(status);

/** Longer than this nobody waits for a lamp. */
const MAX_RETRY_S = 300;

/** Seconds of a Retry-After, at least 1; null: none (RFC 3261 section 20.33). */
export function retryAfterOf(value: string | undefined): number | null {
  const [, seconds] = /^\s*(\d{1,10})\b/.exec(value ?? "") ?? [];
  return seconds === undefined ? null : Math.min(Math.max(Number(seconds), 1), MAX_RETRY_S);
}
