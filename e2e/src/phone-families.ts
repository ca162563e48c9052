import type { SipText } from "./sip-text.js";

type Describes = (sdp: string) => string;

/** Whom an attended transfer leads to: the number that was dialled, the site's domain, and the Contact of the consult's call. */
export interface ReferredTo {
  readonly user: string;
  readonly domain: string;
  readonly contact: string;
}

/**
 * How telephones of one make write and order what they send, as far as docs/phones.md found it in public; where nothing was found, the makes take
 * turns with what the RFCs allow.
 */
export interface Habits {
  readonly make: string;
  /** Headers of each request and response of theirs. */
  readonly headers: SipText["headers"];
  /** In From, in front of the address. */
  readonly displayName: string;
  /** What follows the address in Contact. */
  readonly contactParameters: string;
  /** What the hold key makes of a description that says sendonly. */
  readonly holds: Describes;
  /** The hold key again: what it makes of a description that says sendrecv. */
  readonly resumes: Describes;
  /** The consult's call is held, too, before the REFER. */
  readonly holdsBoth: boolean;
  /** The REFER does not wait for the answer to that hold. */
  readonly hurries: boolean;
  /** The call that carries the REFER; the other one is named in Replaces. */
  readonly refersOn: "customer" | "consult";
  referTo(to: ReferredTo, replaces: string): string;
  /** When it hangs up by itself after a REFER: at the 202, at the final NOTIFY, or not at all. */
  readonly hangsUp: "when accepted" | "when told" | "never";
  /**
   * The conference key: it mixes by itself; or it calls the conference URI and then refers each call to the focus, refers the focus to each call, or
   * just hangs its calls up.
   */
  readonly conference: "mixes" | "refers calls" | "refers focus" | "hangs up";
  /** What it answers to a NOTIFY, and after how many ms; null: nothing. */
  readonly notifyAnswer: { readonly status: 200 | 481; readonly afterMs: number } | null;
}

const asItIs: Describes = (sdp) => sdp;
const addressZero: Describes = (sdp) => sdp.replace(/^c=IN IP4 .*$/m, "c=IN IP4 0.0.0.0");
const withoutDirection: Describes = (sdp) => sdp.replace(/^a=sendrecv\r\n/m, "");
const escaped = (replaces: string): string => encodeURIComponent(replaces);

/** A telephone without habits of its own. */
export const PLAIN: Habits = {
  make: "plain telephone",
  headers: [],
  displayName: "",
  contactParameters: "",
  holds: asItIs,
  resumes: asItIs,
  holdsBoth: false,
  hurries: false,
  refersOn: "customer",
  referTo: ({ user, domain }, replaces) => `<sip:${user}@${domain}?Replaces=${escaped(replaces)}>`,
  hangsUp: "never",
  conference: "mixes",
  notifyAnswer: { status: 200, afterMs: 0 },
};

/** The makes of docs/phones.md that are imitated; Linphone and baresip are there in person. */
export const FAMILIES: readonly Habits[] = [
  {
    ...PLAIN,
    make: "Yealink",
    headers: [
      ["User-Agent", "Yealink SIP-T46U 108.86.0.90"],
      ["Allow-Events", "talk,hold,conference,refer,check-sync"],
    ],
    displayName: '"Eva Berg" ',
    holdsBoth: true,
    conference: "refers calls",
  },
  {
    ...PLAIN,
    make: "Poly",
    headers: [
      ["User-Agent", "PolycomVVX-VVX_450-UA/6.4.6.2453"],
      ["Accept-Language", "en"],
    ],
    displayName: '"Berg, Eva" ',
    contactParameters:
      ';methods="INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, MESSAGE, SUBSCRIBE, NOTIFY, PRACK, UPDATE, REFER"',
    referTo: ({ user, domain }, replaces) => `<sip:${user}@${domain};user=phone?Replaces=${escaped(replaces)}>`,
    hangsUp: "when told",
    conference: "refers focus",
  },
  {
    ...PLAIN,
    make: "Cisco",
    headers: [["User-Agent", "Cisco-CP-8851-3PCC/11.3.7"]],
    displayName: "Eva ",
    holds: addressZero, // beside a=sendonly
    conference: "refers calls",
    notifyAnswer: { status: 200, afterMs: 300 },
  },
  {
    ...PLAIN,
    make: "Grandstream",
    headers: [["User-Agent", "Grandstream GRP2616 1.0.11.84"]],
    contactParameters: ';reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-EC74D7000001>"',
    holdsBoth: true,
    hurries: true,
    conference: "hangs up",
    referTo: ({ contact }, replaces) => `<${contact}?Replaces=${escaped(replaces)}>`, // "Refer-To uses the target's Contact"
  },
  {
    ...PLAIN,
    make: "Snom",
    headers: [["User-Agent", "snomD785/10.1.175.16"]],
    displayName: '"Eva \\"2001\\" <Berg>" ',
    contactParameters: ";line=abc123",
    resumes: withoutDirection,
    refersOn: "consult",
    hangsUp: "when accepted",
  },
  {
    ...PLAIN,
    make: "MicroSIP",
    headers: [["User-Agent", "MicroSIP/3.21.6"]],
    contactParameters: ";ob",
    referTo: ({ user, domain }, replaces) => `<sip:${user}@${domain}?Require=replaces&Replaces=${escaped(replaces)}>`,
    hangsUp: "when told",
  },
];
