import { describe, expect, it } from "@jest/globals";
import {
  heardOf,
  MAX_EXPIRES_S,
  nextExpiry,
  reachable,
  register,
  unexpired,
  type Contacts,
  type Registration,
} from "./registrations.js";
import { contactKey } from "./contact-place.js";

const NOW = 1_795_415_946_275;
const PHONE = "sip:2001@192.0.2.7:5060";

const wanted = (uri: string, expires: number | null = null, transport: "webrtc" | "rtp" = "rtp") => ({
  uri,
  transport,
  proxy: null,
  behindNat: false,
  expires,
});
const asked = (contacts: Registration["contacts"], more: Partial<Registration> = {}): Registration => ({
  callId: "a",
  cseq: 1,
  expires: null,
  contacts,
  ...more,
});
const after = (...requests: Registration[]): Contacts =>
  requests.reduce<Contacts>((contacts, request) => {
    const made = register(contacts, request, NOW);
    if ("refused" in made) throw new Error(made.refused.reason);
    return made.contacts;
  }, []);
const uris = (contacts: Contacts): string[] => contacts.map((c) => c.uri);
const status = (before: Contacts, request: Registration): number | null => {
  const made = register(before, request, NOW);
  return "refused" in made ? made.refused.status : null;
};

describe("the registration table", () => {
  it("[SG-2] keeps a contact for as long as asked, and no longer than 120 s", () => {
    expect(after(asked([wanted(PHONE, 60)]))[0]?.expiresAt).toBe(NOW + 60_000);
    expect(after(asked([wanted(PHONE)], { expires: 45 }))[0]?.expiresAt).toBe(NOW + 45_000);
    expect(after(asked([wanted(PHONE, 3600)]))[0]?.expiresAt).toBe(NOW + MAX_EXPIRES_S * 1000);
    expect(after(asked([wanted(PHONE)]))[0]?.expiresAt).toBe(NOW + MAX_EXPIRES_S * 1000);
    const contacts = after(asked([wanted(PHONE, 60)]));
    expect(nextExpiry(contacts)).toBe(NOW + 60_000);
    expect(unexpired(contacts, NOW + 59_999)).toHaveLength(1);
    expect(unexpired(contacts, NOW + 60_000)).toEqual([]);
    expect(nextExpiry([])).toBeNull();
  });

  it("[SG-2] answers a query with what is there", () => {
    const contacts = after(asked([wanted(PHONE)]));
    expect(after(asked([wanted(PHONE)]), asked("none", { cseq: 2 }))).toEqual(contacts);
  });

  it("[SG-2] takes three contacts, newest first, and drops the oldest for a fourth", () => {
    const contacts = after(
      ...["1", "2", "3", "4"].map((n, i) => asked([wanted(`sip:2001@192.0.2.${n}`)], { callId: n, cseq: i + 1 })),
    );
    expect(uris(contacts)).toEqual(["sip:2001@192.0.2.4", "sip:2001@192.0.2.3", "sip:2001@192.0.2.2"]);
  });

  it("[SG-2] calls the newest contact that answers", () => {
    const contacts = after(asked([wanted("sip:2001@192.0.2.1")]), asked([wanted(PHONE)], { callId: "b" }));
    expect(reachable(contacts)?.uri).toBe(PHONE);
    const silent = heardOf(contacts, PHONE, false);
    expect(reachable(silent)?.uri).toBe("sip:2001@192.0.2.1");
    expect(reachable(heardOf(silent, PHONE, true))?.uri).toBe(PHONE);
    const again = register(silent, asked([wanted(PHONE)], { callId: "b", cseq: 2 }), NOW);
    expect("contacts" in again && reachable(again.contacts)?.uri).toBe(PHONE);
    expect(reachable([])).toBeNull();
  });

  it("[SG-2] leaves a renewed contact in its place, and takes one that started anew for the newest", () => {
    const two = [asked([wanted("sip:2001@192.0.2.1")]), asked([wanted(PHONE)], { callId: "b" })];
    const renewed = asked([wanted("sip:2001@192.0.2.1")], { cseq: 2 });
    expect(uris(after(...two, renewed))).toEqual([PHONE, "sip:2001@192.0.2.1"]);
    expect(uris(after(...two, { ...renewed, callId: "c" }))).toEqual(["sip:2001@192.0.2.1", PHONE]);
  });

  it("[SE-1] replaces the contact of a browser's former page, and of no telephone", () => {
    const page = (n: number) =>
      asked([wanted(`sip:p${n}@x.invalid;transport=ws`, null, "webrtc")], { callId: `p${n}` });
    expect(uris(after(asked([wanted(PHONE)]), page(1), page(2)))).toEqual(["sip:p2@x.invalid;transport=ws", PHONE]);
  });

  it("[SG-2] removes one contact, several, or all of them", () => {
    const two = [asked([wanted("sip:2001@192.0.2.1")]), asked([wanted(PHONE)], { callId: "b" })];
    expect(uris(after(...two, asked([wanted(PHONE, 0)], { cseq: 2 })))).toEqual(["sip:2001@192.0.2.1"]);
    const both = [wanted(PHONE), wanted("sip:2001@192.0.2.1")];
    expect(after(...two, asked(both, { cseq: 2, expires: 0, callId: "c" }))).toEqual([]);
    expect(after(...two, asked("all", { cseq: 2, expires: 0 }))).toEqual([]);
    expect(after(asked([wanted(PHONE, 0)]))).toEqual([]);
  });

  it("[SG-2] refuses * without Expires: 0 (10.3 step 6)", () => {
    expect(status([], asked("all"))).toBe(400);
    expect(status([], asked("all", { expires: 60 }))).toBe(400);
  });

  it("[SG-2] lets no late or repeated request undo a newer one (10.3 steps 6 and 7)", () => {
    const contacts = after(asked([wanted(PHONE)], { cseq: 5 }));
    for (const cseq of [4, 5]) {
      expect(status(contacts, asked([wanted(PHONE, 0)], { cseq }))).toBe(500);
      expect(status(contacts, asked([wanted(PHONE)], { cseq }))).toBe(500);
      expect(status(contacts, asked("all", { cseq, expires: 0 }))).toBe(500);
    }
    expect(status(contacts, asked([wanted(PHONE, 0)], { cseq: 6 }))).toBeNull();
    // After a restart of the phone: another Call-ID, counted anew.
    expect(status(contacts, asked([wanted(PHONE, 0)], { cseq: 1, callId: "b" }))).toBeNull();
  });

  it("[SG-2] does all of a request or nothing of it", () => {
    const contacts = after(asked([wanted(PHONE)], { cseq: 5 }));
    expect(status(contacts, asked([wanted("sip:new@192.0.2.9"), wanted(PHONE, 0)], { cseq: 5 }))).toBe(500);
    expect(status(contacts, asked([wanted("sip:new@192.0.2.9"), wanted("tel:+47")], { cseq: 6 }))).toBe(400);
  });

  it("[SG-2] refuses what is over too soon with 423", () => {
    expect(status([], asked([wanted(PHONE, 29)]))).toBe(423);
    expect(status([], asked([wanted(PHONE, 1)]))).toBe(423);
    expect(status([], asked([wanted(PHONE, 30)]))).toBeNull();
  });

  it.each(["tel:+4722000000", "mailto:a@b.test", "http://192.0.2.1/", "sip:", "sip:a b@c", "", "*", "sip:a@[::1"])(
    "[SG-5] refuses the Contact %j",
    (uri) => {
      expect(status([], asked([wanted(uri)]))).toBe(400);
      expect(contactKey(uri)).toBeNull();
    },
  );

  it("[SG-5] refuses more contacts than an account may have", () => {
    expect(status([], asked(["1", "2", "3", "4"].map((n) => wanted(`sip:2001@192.0.2.${n}`))))).toBe(400);
  });
});
