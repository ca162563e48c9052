/** The registration table of one account (RFC 3261 section 10.3): what a REGISTER makes of the contacts that were there. Pure. */
import { contactKey } from "./contact-place.js";

/** Where a registered station is reached. */
export interface Contact {
  readonly uri: string; // as it was registered, without angle brackets
  readonly transport: "webrtc" | "rtp";
  /** Next hop: where the REGISTER came from (RFC 3581); null: a connection the engine keeps. */
  readonly proxy: string | null;
  /** Over UDP from another address than the Contact names: what stands between has to be kept open. */
  readonly behindNat: boolean;
  readonly callId: string;
  readonly cseq: number;
  readonly expiresAt: number; // milliseconds since 1970
  /** False: it has left our OPTIONS unanswered, and has not registered since. */
  readonly answers: boolean;
}

/** Newest first. */
export type Contacts = readonly Contact[];

/** What a REGISTER says. Times in seconds; null: not said, or not readable (10.3 step 7: the same). */
export interface Registration {
  readonly callId: string;
  readonly cseq: number;
  readonly expires: number | null;
  readonly contacts:
    | "none"
    | "all"
    | readonly (Pick<Contact, "uri" | "transport" | "proxy" | "behindNat"> & { readonly expires: number | null })[];
}

export type Refusal = { readonly status: 400 | 423 | 500; readonly reason: string };
export type Registered = { readonly contacts: Contacts } | { readonly refused: Refusal };

/** Browsers renew in time; a phone that has gone is noticed within this. */
export const MAX_EXPIRES_S = 120;
export const MIN_EXPIRES_S = 30;
/** A phone and its softphone, and one to move to. */
export const MAX_CONTACTS = 3;

const bad = (reason: string): Registered => ({ refused: { status: 400, reason } });

/** `now` in milliseconds. Either all of the request has its effect, or none of it (10.3 step 7). */
export function register(before: Contacts, asked: Registration, now: number): Registered {
  const current = unexpired(before, now);
  if (asked.contacts === "none") return { contacts: current };
  if (asked.contacts === "all") {
    if (asked.expires !== 0) return bad("A * Contact needs Expires: 0"); // step 6
    return current.some((known) => isLate(known, asked)) ? late : { contacts: [] };
  }
  if (asked.contacts.length > MAX_CONTACTS) return bad("Too many Contacts");
  if (asked.contacts.some(({ uri }) => contactKey(uri) === null)) return bad("Bad Contact");
  let contacts = current;
  for (const { expires, ...wanted } of asked.contacts) {
    const seconds = expires ?? asked.expires ?? MAX_EXPIRES_S;
    if (seconds > 0 && seconds < MIN_EXPIRES_S) return { refused: { status: 423, reason: "Interval Too Brief" } };
    const key = contactKey(wanted.uri);
    const known = contacts.find(({ uri }) => contactKey(uri) === key);
    if (known && isLate(known, asked)) return late;
    // A browser has one page: the contact of the page before it leads nowhere.
    const others = contacts.filter((c) => c !== known && !(seconds > 0 && isPage(c) && isPage(wanted)));
    const expiresAt = now + Math.min(seconds, MAX_EXPIRES_S) * 1000;
    const contact = { ...wanted, callId: asked.callId, cseq: asked.cseq, expiresAt, answers: true };
    if (seconds === 0) contacts = others;
    // Renewed, a contact keeps its place; what has started anew is the newest.
    else if (known?.callId === asked.callId) contacts = contacts.map((c) => (c === known ? contact : c));
    else contacts = [contact, ...others].slice(0, MAX_CONTACTS);
  }
  return { contacts };
}

const late: Registered = { refused: { status: 500, reason: "Old CSeq" } };
const isPage = ({ transport }: Pick<Contact, "transport">): boolean => transport === "webrtc";

/** Step 7: a request that was sent before the one that is in force. */
const isLate = (known: Contact, asked: Registration): boolean =>
  known.callId === asked.callId && asked.cseq <= known.cseq;

export const unexpired = (contacts: Contacts, now: number): Contacts => contacts.filter((c) => c.expiresAt > now);

/**
 * A telephone was here, and now there is a Contact with a Call-ID that was not: it has lost its memory, or is another one (RFC 3261 section 10.2: a
 * telephone keeps its Call-ID until it starts anew).
 */
export const hasStartedAnew = (before: Contacts, after: Contacts): boolean =>
  before.length > 0 && after.some(({ callId }) => !before.some((known) => known.callId === callId));

/** Whom a call goes to: the newest contact that answers. */
export const reachable = (contacts: Contacts): Contact | null => contacts.find((c) => c.answers) ?? null;

/** When the next contact runs out, in milliseconds since 1970; null without contacts. */
export const nextExpiry = (contacts: Contacts): number | null =>
  contacts.length === 0 ? null : Math.min(...contacts.map((c) => c.expiresAt));

/** The contact has answered our OPTIONS, or has not. */
export const heardOf = (contacts: Contacts, uri: string, answers: boolean): Contacts =>
  contacts.map((c) => (c.uri === uri && c.answers !== answers ? { ...c, answers } : c));
