import type { LegFailure } from "@legwork/shared/interaction";
import type { NoticeKind } from "../interaction-state.js";

/** What the owner is told when the consulted party did not come (CO-9). */
export function noticeOf(failure: LegFailure): NoticeKind {
  switch (failure.kind) {
    case "declined":
      return "consult-declined";
    case "busy":
      return "consult-busy";
    case "no-answer":
      return "consult-no-answer";
    case "unreachable":
    case "no-common-codec":
    case "internal":
      return "consult-unreachable";
  }
}

/** OB-1: what the caller is told when the number did not answer. */
export function outboundNotice(failure: LegFailure): NoticeKind {
  switch (failure.kind) {
    case "declined":
      return "outbound-declined";
    case "busy":
      return "outbound-busy";
    case "no-answer":
      return "outbound-no-answer";
    case "unreachable":
    case "no-common-codec":
    case "internal":
      return "outbound-unreachable";
  }
}
