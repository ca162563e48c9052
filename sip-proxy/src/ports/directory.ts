import type { PresenceState } from "@legwork/shared/api";
import type { ExpertRecord } from "@legwork/shared/store";

/** How somebody was, and when. */
export interface Presence {
  readonly state: PresenceState;
  readonly at: number; // milliseconds since 1970
}

/** A directory of an organisation (DF-4). It keeps at hand what it lists: a search waits for no other system. */
export interface Directory {
  experts(): readonly ExpertRecord[];
  /** What it has last heard of an expert's presence; null: nothing. */
  presenceOf(expert: string): Presence | null;
}
