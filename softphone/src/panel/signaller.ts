import type { Command } from "@legwork/shared/api";
import type { Signal } from "../model/signal.js";
import type { Phone } from "../ports/phone.js";

/** Carries out one signal; resolves when it is in force. */
export async function carryOut(
  signal: Signal,
  phone: Phone | undefined,
  post: (command: Command) => Promise<void>,
): Promise<void> {
  if (signal.do === "post") return post(signal.command);
  if (!phone) return; // `signalsFor` chooses SIP only for legs that a phone has told of
  switch (signal.do) {
    case "hold":
      return phone.setHold(signal.callId, true);
    case "unhold":
      return phone.setHold(signal.callId, false);
    case "invite":
      return phone.invite(signal.user);
    case "hang-up":
      return phone.hangUp(signal.callId);
    case "refer-replaces":
      return phone.referReplacing(signal.callId, signal.replaces);
    case "refer-focus":
      return phone.referToFocus(signal.callId, signal.focusUri);
    case "digits":
      return phone.sendDigits(signal.callId, signal.digits);
  }
}
