import type { Command } from "@legwork/shared/api";
import { CallPanelError } from "@legwork/shared/call-panel";
import { sidesOf } from "../model/leg-view.js";
import type { PanelModel } from "../model/panel-state.js";
import { signalsFor } from "../model/signal.js";
import type { Phone } from "../ports/phone.js";
import { carryOut } from "./signaller.js";
import { Turns } from "./turns.js";

/** Commands that do not wait for a hold that nobody answers, and that call off what is on its way. */
const WAYS_OUT: ReadonlySet<Command["type"]> = new Set(["end", "leave", "end-consult", "back-to-customer"]);

interface Means {
  model(): PanelModel;
  /** Undefined at a desk phone. */
  phone(): Phone | undefined;
  post(interaction: string, command: Command): Promise<void>;
}

/** Carries out the commands of a call, over SIP or the API. */
export class Commander {
  /** SIP commands go one after the other: their steps must not mix. */
  readonly #turns = new Turns();
  /** Keypad digits wait for no hold, and only for each other: they are a number in their order. */
  readonly #digits = new Turns();
  /** Counts the commands that call off what an earlier one still has to do. */
  #calledOff = 0;

  constructor(private readonly means: Means) {}

  /** Resolves when the command is in force. */
  run(command: Command): Promise<void> {
    if (command.type === "dtmf") return this.#digits.run(() => this.#signal(command));
    if (!WAYS_OUT.has(command.type)) return this.inTurn(() => this.#signal(command));
    this.#calledOff += 1;
    return this.#signal(command);
  }

  inTurn(work: () => Promise<void>): Promise<void> {
    return this.#turns.run(work);
  }

  async #signal(command: Command): Promise<void> {
    const { desktop, legs } = this.means.model();
    const interaction = desktop?.interaction;
    if (!interaction) throw new CallPanelError("not-found", "there is no call");
    const sides = sidesOf(legs, interaction.legs);
    const choice = signalsFor(command, { station: desktop.station.kind, interaction, sides });
    if (!choice.ok) throw new CallPanelError(choice.code, `${command.type} is not possible now`);
    const calledOff = this.#calledOff;
    for (const signal of choice.signals) {
      if (this.#calledOff !== calledOff) return; // a consult called off while the customer was being put on hold
      await carryOut(signal, this.means.phone(), (posted) => this.means.post(interaction.id, posted));
    }
  }
}
