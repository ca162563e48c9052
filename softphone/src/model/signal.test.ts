import { describe, expect, it } from "@jest/globals";
import type { Command, InteractionView } from "@legwork/shared/api";
import type { LegView, Sides } from "./leg-view.js";
import { sidesOf } from "./leg-view.js";
import { type Signal, signalsFor } from "./signal.js";
import { connected, consulting, established, ringing } from "./testing.js";

const A = established("a", "incoming");
const B = established("b", "outgoing");
const held = (leg: LegView): LegView => ({ ...leg, held: true });

const signals = (command: Command, interaction: InteractionView, sides: Sides): readonly Signal[] => {
  const choice = signalsFor(command, { station: "browser", interaction, sides });
  if (!choice.ok) throw new Error(`refused: ${choice.code}`);
  return choice.signals;
};
const alone = (customer: LegView): Sides => ({ customer, consult: undefined });
const consult = { type: "consult", target: { kind: "agent", agent: "bjorn" } } as const;

describe("which signals carry out a command", () => {
  it("[HO-1] holds and un-holds the customer with a re-INVITE", () => {
    expect(signals({ type: "hold" }, connected(), alone(A))).toEqual([{ do: "hold", callId: "a" }]);
    expect(signals({ type: "unhold" }, connected(), alone(held(A)))).toEqual([{ do: "unhold", callId: "a" }]);
  });

  it("[CO-2] [DF-5] puts the customer on hold before it calls the target", () => {
    expect(signals(consult, connected(), alone(A))).toEqual([
      { do: "hold", callId: "a" },
      { do: "invite", user: "bjorn" },
    ]);
  });

  it("[CO-2] does not hold a customer again who is held already", () => {
    expect(signals(consult, connected(), alone(held(A)))).toEqual([{ do: "invite", user: "bjorn" }]);
  });

  it("[CO-3] resumes by un-holding the side that is to talk before it holds the other, both ways", () => {
    const toCustomer = consulting("answered", "consult");
    expect(signals({ type: "resume" }, toCustomer, { customer: held(A), consult: B })).toEqual([
      { do: "unhold", callId: "a" },
      { do: "hold", callId: "b" },
    ]);
    const back = consulting("answered", "customer");
    expect(signals({ type: "resume" }, back, { customer: A, consult: held(B) })).toEqual([
      { do: "unhold", callId: "b" },
      { do: "hold", callId: "a" },
    ]);
  });

  it("[CO-4] transfers with REFER on the customer dialog, Replaces naming the consult dialog", () => {
    const sides = { customer: held(A), consult: B };
    expect(signals({ type: "transfer" }, consulting("answered", "consult"), sides)).toEqual([
      { do: "refer-replaces", callId: "a", replaces: "b" },
    ]);
  });

  it("[CO-6] asks the focus with REFER on the consult dialog, then un-holds the customer dialog", () => {
    const interaction = consulting("answered", "consult");
    expect(signals({ type: "conference" }, interaction, { customer: held(A), consult: B })).toEqual([
      { do: "refer-focus", callId: "b", focusUri: interaction.focusUri },
      { do: "unhold", callId: "a" },
    ]);
    expect(signals({ type: "conference" }, interaction, { customer: A, consult: held(B) })).toHaveLength(1);
  });

  it("[DF-6] refuses resume, transfer and conference until the target has answered", () => {
    const sides = { customer: held(A), consult: ringing("b", "outgoing") };
    for (const type of ["resume", "transfer", "conference"] as const) {
      const choice = signalsFor({ type }, { station: "browser", interaction: consulting("ringing", "none"), sides });
      expect(choice).toEqual({ ok: false, code: "target-not-answered" });
    }
  });

  it("[CO-14] leaves a consult that has no dialog of this browser to the server", () => {
    for (const type of ["transfer", "conference", "resume", "back-to-customer"] as const) {
      expect(signals({ type }, consulting("answered", "consult"), alone(A))).toEqual([
        { do: "post", command: { type } },
      ]);
    }
  });

  it("[CO-7] leaves to the server what ending an answered consult means", () => {
    const sides = { customer: held(A), consult: B };
    const command = { type: "end-consult" } as const;
    expect(signals(command, consulting("answered", "consult"), sides)).toEqual([{ do: "post", command }]);
  });

  it("[CO-8] cancels a consult that still rings when it is ended", () => {
    const sides = { customer: held(A), consult: ringing("b", "outgoing") };
    expect(signals({ type: "end-consult" }, consulting("ringing", "none"), sides)).toEqual([
      { do: "hang-up", callId: "b" },
      { do: "unhold", callId: "a" },
    ]);
  });

  it("[CO-8] cancels a ringing consult before the customer is taken off hold", () => {
    const sides = { customer: held(A), consult: ringing("b", "outgoing") };
    expect(signals({ type: "back-to-customer" }, consulting("ringing", "none"), sides)).toEqual([
      { do: "hang-up", callId: "b" },
      { do: "unhold", callId: "a" },
    ]);
  });

  it("[CO-9] takes the customer off hold before it leaves an answered consult", () => {
    const interaction = consulting("answered", "consult");
    expect(signals({ type: "back-to-customer" }, interaction, { customer: held(A), consult: B })).toEqual([
      { do: "unhold", callId: "a" },
      { do: "hang-up", callId: "b" },
    ]);
    expect(signals({ type: "back-to-customer" }, interaction, { customer: A, consult: held(B) })).toEqual([
      { do: "hang-up", callId: "b" },
    ]);
  });

  it("[CO-10] leaves with BYE on the one dialog", () => {
    expect(signals({ type: "leave" }, connected(), alone(A))).toEqual([{ do: "hang-up", callId: "a" }]);
  });

  it("[CF-5] ends a conference for all by the API, any other call with BYE", () => {
    const conference = { ...connected(), phase: "conference" } as const;
    expect(signals({ type: "end" }, conference, alone(A))).toEqual([{ do: "post", command: { type: "end" } }]);
    expect(signals({ type: "end" }, connected(), alone(A))).toEqual([{ do: "hang-up", callId: "a" }]);
  });

  it("[OB-1] cancels a call that nobody has answered, by the API while its dialog is not known", () => {
    const dialling = { ...connected(), phase: "dialling" } as const;
    expect(signals({ type: "end" }, dialling, alone(ringing("b", "outgoing")))).toEqual([
      { do: "hang-up", callId: "b" },
    ]);
    const nobody = { customer: undefined, consult: undefined };
    expect(signals({ type: "end" }, dialling, nobody)).toEqual([{ do: "post", command: { type: "end" } }]);
  });

  it("[BT-1] [CO-5] asks the server for a blind transfer, the way back, and gives it the answer to a transfer", () => {
    const transferring = { ...connected(), phase: "transferring" } as const;
    const commands: readonly Command[] = [
      { type: "blind-transfer", target: { kind: "number", number: "112" } },
      { type: "back-to-customer" },
      { type: "accept-transfer" },
      { type: "decline-transfer" },
    ];
    for (const command of commands) {
      expect(signals(command, transferring, alone(A))).toEqual([{ do: "post", command }]);
    }
  });

  it("[MX-4] sends digits on the dialog that is talking", () => {
    const digits = { type: "dtmf", digits: "1" } as const;
    const sides = { customer: A, consult: B };
    expect(signals(digits, consulting("answered", "consult"), sides)).toEqual([
      { do: "digits", callId: "b", digits: "1" },
    ]);
    expect(signals(digits, consulting("answered", "customer"), sides)).toEqual([
      { do: "digits", callId: "a", digits: "1" },
    ]);
    expect(signals(digits, connected(), alone(A))).toEqual([{ do: "digits", callId: "a", digits: "1" }]);
  });

  it("[AG-2] asks the server for everything when the station is a desk phone, or the dialog is lost", () => {
    const nobody = { customer: undefined, consult: undefined };
    const posted = { ok: true, signals: [{ do: "post", command: consult }] };
    expect(signalsFor(consult, { station: "extension", interaction: connected(), sides: nobody })).toEqual(posted);
    expect(signalsFor(consult, { station: "browser", interaction: connected(), sides: nobody })).toEqual(posted);
  });
});

describe("sides", () => {
  it("believes the server's Call-IDs", () => {
    const named = [
      { side: "consult", callId: "a" },
      { side: "customer", callId: "b" },
    ] as const;
    expect(sidesOf([A, B], named)).toEqual({ customer: B, consult: A });
  });

  it("takes a call that came in for the customer's, and one placed here for the consult, until the server says", () => {
    expect(sidesOf([A, B], [])).toEqual({ customer: A, consult: B });
  });

  it("prefers the newest dialog of a side: a call given back after a lost connection", () => {
    const again = established("a2", "incoming");
    expect(sidesOf([A, again], []).customer).toBe(again);
  });
});
