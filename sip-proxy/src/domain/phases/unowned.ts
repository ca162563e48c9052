import type { InteractionEvent } from "@legwork/shared/interaction";
import type { In, Step } from "../interaction-state.js";
import { endLeg, isRequest, markWire, otherwise, ownAudio, refuse, to } from "./steps.js";

/** CO-4: no agent of ours is in it any more. A station's own hold key is its own affair (HO-5); nobody may command anything. */
export function whileUnowned(s: In<"unowned">, e: InteractionEvent): Step {
  if (isRequest(e)) return e.type === "legHeld" || e.type === "legUnheld" ? ownAudio(s, e) : refuse(s, e, "not-owner");
  switch (e.type) {
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "legEnded":
    case "legFailed": {
      const legs = [s.customer.wire.leg, s.other.wire.leg];
      if (!legs.includes(e.leg)) return to(s);
      const left = legs.filter((leg) => leg !== e.leg).map((leg) => endLeg(leg, "normal"));
      return to({ phase: "ended" }, ...left, { type: "closeInteraction" });
    }
    default:
      return otherwise(s, e);
  }
}
