import type { Notice } from "@legwork/shared/api";
import type { AudioNews } from "@legwork/shared/call-panel";
import type { PanelErrorCode } from "./refusal.js";

/** What the page tells for a while: something the server says has happened, news of a device, or why a command did not happen. */
export type Told =
  | { readonly kind: "notice"; readonly notice: Notice }
  | { readonly kind: "device"; readonly news: AudioNews }
  | { readonly kind: "error"; readonly code: PanelErrorCode };

/** How many are kept; the newest is in front. */
const KEPT = 3;

/** A failure stays until it is dismissed, or another takes its place. A command may be refused for a reason that the server tells in a notice, too: that is told once, by the notice, which says who. */
export function tell<T extends { readonly content: Told }>(all: readonly T[], next: T): readonly T[] {
  const same = (other: T) => saysTheSame(other.content, next.content);
  const replaced = (other: T) => same(other) || (other.content.kind === "error" && next.content.kind === "error");
  if (next.content.kind === "error" && all.some(same)) return all;
  return [...all.filter((other) => !replaced(other)), next].slice(-KEPT);
}

const saysTheSame = (a: Told, b: Told): boolean => a.kind !== b.kind && reasonOf(a) === reasonOf(b);

function reasonOf(told: Told): string {
  switch (told.kind) {
    case "notice":
      return told.notice.kind;
    case "device":
      return told.news.kind;
    case "error":
      return told.code;
  }
}
