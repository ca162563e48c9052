import type { SiteKind } from "./site.js";

/** What can be in the audit log (DI-1). */
export type AuditAction = "added" | "changed" | "removed" | "signed-in" | "signed-out" | "sign-in-failed";

/** Who did what, when. Never holds a password or a hash of one. */
export interface AuditEntry {
  readonly at: number; // milliseconds since 1970
  /** Id of the agent who did it; null: nobody who was signed in. */
  readonly who: string | null;
  readonly action: AuditAction;
  readonly kind: SiteKind | "session";
  /** Id of what was changed, or of the agent whose session it is; empty: a sign-in of nobody known. */
  readonly subject: string;
  readonly before: object | null;
  readonly after: object | null;
}

export interface AuditRecord extends AuditEntry {
  /** Grows with every entry. */
  readonly id: number;
}
