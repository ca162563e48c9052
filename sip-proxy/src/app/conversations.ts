import type { InteractionView } from "@legwork/shared/api";
import type { AgentId, InteractionId, LegId } from "@legwork/shared/ids";
import type { MediaNews } from "../ports/media.js";
import type { Interactions, LegReport } from "./interactions.js";
import type { InternalCalls } from "./internal-calls.js";
import type { Asker } from "./requests.js";
import type { Wanted } from "./wanted.js";

/** Whoever a leg belongs to: an interaction, or an internal call. */
export class Conversations {
  constructor(
    private readonly interactions: Interactions,
    private readonly internal: InternalCalls,
  ) {}

  report(report: LegReport): void {
    if (!this.internal.report(report)) this.interactions.report(report);
  }

  /** Asked on a leg, in the name of whoever speaks on it. */
  ask(leg: { readonly id: LegId; readonly interaction: InteractionId }, wanted: Wanted, asker: Asker): void {
    if (this.internal.has(leg.interaction)) return this.internal.ask(wanted, asker, leg.id);
    this.interactions.ask(leg.interaction, this.interactions.seatOfLeg(leg.id), wanted, asker);
  }

  digits(leg: { readonly id: LegId; readonly interaction: InteractionId }, digits: string): void {
    if (this.internal.has(leg.interaction)) this.internal.digits(leg.id, digits);
    else this.interactions.digits(leg.id, digits);
  }

  mediaNews(news: MediaNews): void {
    if (news.event === "reconnected") this.internal.sendPlans();
    if (news.event === "legLost" && news.cause !== "rtp-timeout") this.internal.legLost(news.leg);
    this.interactions.mediaNews(news);
  }

  /** SE-1: the other end of this leg does not know its dialog any more: a telephone that has started anew, or is gone. */
  dialogGone(leg: LegId): void {
    this.internal.legLost(leg);
    this.interactions.dialogGone(leg);
  }

  viewFor(agent: AgentId): InteractionView | null {
    return this.interactions.viewFor(agent) ?? this.internal.viewFor(agent);
  }
}
