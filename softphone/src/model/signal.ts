import type { Command, ErrorCode, InteractionView } from "@legwork/shared/api";
import { dialledUser } from "./dialled.js";
import type { LegView, Sides } from "./leg-view.js";

/** One step of a command: a SIP request of this browser, or a POST to the desktop API. */
export type Signal =
  | { readonly do: "hold"; readonly callId: string }
  | { readonly do: "unhold"; readonly callId: string }
  | { readonly do: "invite"; readonly user: string }
  | { readonly do: "hang-up"; readonly callId: string } // BYE, or CANCEL while it rings
  | { readonly do: "refer-replaces"; readonly callId: string; readonly replaces: string }
  | { readonly do: "refer-focus"; readonly callId: string; readonly focusUri: string }
  | { readonly do: "digits"; readonly callId: string; readonly digits: string }
  | { readonly do: "post"; readonly command: Command };

export type Choice =
  { readonly ok: true; readonly signals: readonly Signal[] } | { readonly ok: false; readonly code: ErrorCode };

export interface Situation {
  readonly station: "browser" | "extension";
  readonly interaction: InteractionView;
  readonly sides: Sides;
}

const send = (...signals: Signal[]): Choice => ({ ok: true, signals });
const refuse = (code: ErrorCode): Choice => ({ ok: false, code });
const hangUp = (leg: LegView): Signal => ({ do: "hang-up", callId: leg.callId });
const hold = (leg: LegView): Signal => ({ do: "hold", callId: leg.callId });
const unhold = (leg: LegView): Signal => ({ do: "unhold", callId: leg.callId });
const unholdIfHeld = (leg: LegView): Signal[] => (leg.held ? [unhold(leg)] : []);

/**
 * Which signals carry out a command (SG-1). A browser drives its own dialogs; a desk phone's buttons, and a browser
 * that has lost its dialog for the moment, ask the server.
 */
export function signalsFor(command: Command, situation: Situation): Choice {
  const { customer } = situation.sides;
  if (command.type === "end" && isCallingOut(customer)) return send(hangUp(customer));
  if (situation.station === "extension" || customer?.stage !== "established") return send({ do: "post", command });
  // A consult that was asked of the server has no dialog of this browser: the server goes on with it.
  if (situation.interaction.consult && !situation.sides.consult && ABOUT_A_CONSULT.has(command.type)) {
    return send({ do: "post", command });
  }
  return byDialog(command, situation, customer);
}

/** OB-1: the agent's own call, which nobody has answered. */
const isCallingOut = (leg: LegView | undefined): leg is LegView =>
  leg?.stage === "ringing" && leg.origin === "outgoing";

const ABOUT_A_CONSULT: ReadonlySet<Command["type"]> = new Set([
  "resume",
  "transfer",
  "conference",
  "end-consult",
  "back-to-customer",
]);

function byDialog(command: Command, { interaction, sides }: Situation, customer: LegView): Choice {
  const { consult } = sides;
  switch (command.type) {
    case "hold":
      return send(hold(customer));
    case "unhold":
      return send(unhold(customer));
    case "consult":
      // CO-2: the target is called only when the customer's hold is in force.
      return send(...(customer.held ? [] : [hold(customer)]), { do: "invite", user: dialledUser(command.target) });
    case "resume":
      return resume(interaction, customer, consult);
    case "transfer":
      if (consult?.stage !== "established") return refuse("target-not-answered");
      return send({ do: "refer-replaces", callId: customer.callId, replaces: consult.callId });
    // What comes of a blind transfer is known when the target has answered, and the agent may want it back before
    // that: a REFER would have to be kept open for its NOTIFY all the while. Questions of CO-5 have no SIP request.
    case "blind-transfer":
    case "accept-transfer":
    case "decline-transfer":
      return send({ do: "post", command });
    case "conference":
      if (consult?.stage !== "established") return refuse("target-not-answered");
      // The conference goes on in the customer dialog; the server ends the consult dialog itself.
      return send(
        { do: "refer-focus", callId: consult.callId, focusUri: interaction.focusUri },
        ...unholdIfHeld(customer),
      );
    case "back-to-customer":
      if (interaction.phase === "transferring") return send({ do: "post", command }); // BT-1: there is no dialog to leave
      return backToCustomer(customer, consult);
    case "end-consult":
      // CO-8: a consult that still rings is cancelled. CO-7: what ending an answered one means is the site's policy, which the server knows.
      return consult?.stage === "ringing" ? backToCustomer(customer, consult) : send({ do: "post", command });
    case "leave":
      return send(hangUp(customer));
    case "end":
      // BYE would only leave a conference (CF-2); ending it for all has no SIP request of its own.
      return interaction.phase === "conference" ? send({ do: "post", command }) : send(hangUp(customer));
    case "dtmf":
      return send({ do: "digits", callId: talking(interaction, customer, consult).callId, digits: command.digits });
  }
}

/** CO-3: un-hold the side that is to talk first; the server switches both in one plan, and the hold that follows is a plain 200. */
function resume(interaction: InteractionView, customer: LegView, consult: LegView | undefined): Choice {
  if (consult?.stage !== "established") return refuse("target-not-answered");
  const toConsult = interaction.consult?.active === "customer";
  const [talk, wait] = toConsult ? [consult, customer] : [customer, consult];
  return send(unhold(talk), hold(wait));
}

/** CO-8 and CO-9: a consult that still rings is cancelled first; an answered one is left when the customer is back. */
function backToCustomer(customer: LegView, consult: LegView | undefined): Choice {
  if (!consult) return send(...unholdIfHeld(customer));
  if (consult.stage === "ringing") return send(hangUp(consult), ...unholdIfHeld(customer));
  return send(...unholdIfHeld(customer), hangUp(consult));
}

/** The dialog whose audio the agent is in now: keypad digits go there. */
export function talking(interaction: InteractionView, customer: LegView, consult: LegView | undefined): LegView {
  return consult?.stage === "established" && interaction.consult?.active === "consult" ? consult : customer;
}
