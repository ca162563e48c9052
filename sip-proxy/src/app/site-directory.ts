import type { PresenceReport } from "@legwork/shared/api";
import type { ExpertRecord, SiteData } from "@legwork/shared/store";
import type { Clock } from "../ports/clock.js";
import type { Directory, Presence } from "../ports/directory.js";

/** Clocks of two systems may differ by so much. */
const AHEAD_MS = 60_000;

/** `late`: something newer is known. */
export type Told = "told" | "late" | "not-found" | "in-the-future";

/** The experts a site keeps itself (DI-1), with the presence that another system tells of them. Nothing of it survives the process. */
export class SiteDirectory implements Directory {
  readonly #presence = new Map<string, Presence>();

  constructor(
    private readonly site: Pick<SiteData, "experts">,
    private readonly clock: Clock,
  ) {}

  experts(): readonly ExpertRecord[] {
    return this.site.experts;
  }

  presenceOf(expert: string): Presence | null {
    return this.#presence.get(expert) ?? null;
  }

  tell(expert: string, { at, state }: PresenceReport): Told {
    const known = new Set(this.site.experts.map(({ id }) => id));
    if (!known.has(expert)) return "not-found";
    const now = this.clock.now();
    const seen = at === undefined ? now : Date.parse(at);
    if (seen > now + AHEAD_MS) return "in-the-future";
    if (seen < (this.presenceOf(expert)?.at ?? -Infinity)) return "late";
    this.#presence.set(expert, { state, at: Math.min(seen, now) });
    for (const id of this.#presence.keys()) if (!known.has(id)) this.#presence.delete(id);
    return "told";
  }
}
