/** Why a SIP request was refused before any rule of a call was asked. A closed set, as each is a series. */
export type SipRefusal =
  "bad-credentials" | "too-many-guesses" | "replayed-nonce" | "flood" | "spoofed-from" | "not-allowed" | "malformed";

/** Numbers for operators. Counting never fails. */
export interface Metrics {
  sipRefused(method: string, why: SipRefusal): void;
  registration(what: "bound" | "renewed" | "removed" | "expired"): void;
  subscription(event: string, what: "accepted" | "ended"): void;
  signIn(outcome: "ok" | "bad-credentials" | "already-signed-in" | "no-station" | "too-many-requests"): void;
  interaction(what: "began" | "ended"): void;
  /** DF-4: told by another system. `late`: something newer was known. */
  expertPresence(outcome: "told" | "late" | "refused"): void;
  /** Something that is counted when it is asked for, like the contacts registered now. */
  gauge(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void;
}
