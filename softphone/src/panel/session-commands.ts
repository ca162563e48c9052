import type { Command, Target } from "@legwork/shared/api";
import {
  type CallPanelCommand,
  type CallPanelCommands,
  CallPanelError,
  type CallPanelState,
} from "@legwork/shared/call-panel";
import type { ApiClient } from "../api-client/index.js";
import { dialledUser } from "../model/dialled.js";
import { type TransferStage, transferStage } from "../model/transfer.js";
import type { Phone } from "../ports/phone.js";
import type { Commander } from "./commander.js";

/** The commands of the call panel that need an open session: what each is called, and what carries it out. */
export abstract class SessionCommands implements Omit<CallPanelCommands, "signIn" | "signOut" | "mute"> {
  protected abstract readonly api: Pick<ApiClient, keyof ApiClient>;
  protected abstract readonly commander: Commander;
  /** Undefined at a desk phone, and while it is loading. */
  protected abstract get phone(): Phone | undefined;
  abstract subscribe(listener: (state: CallPanelState) => void): () => void;
  /** Asks the server, whose answer may be that there is no session any more. */
  protected abstract asked<T>(work: () => Promise<T>): Promise<T>;
  /** The same, and shows the command as on its way. */
  protected abstract run(command: CallPanelCommand, work: () => Promise<void>): Promise<void>;

  setState(state: Parameters<CallPanelCommands["setState"]>[0]): Promise<void> {
    return this.run("setState", () =>
      this.api.setState(state.kind === "available" ? { state: "available" } : { state: "idle", reason: state.reason }),
    );
  }

  accept(): Promise<void> {
    return this.run("accept", () => this.#ringingPhone().accept());
  }

  decline(): Promise<void> {
    return this.run("decline", () => this.#ringingPhone().decline());
  }

  readonly listAgents = () => this.asked(() => this.api.agents());
  readonly listQueues = () => this.asked(() => this.api.queues());
  readonly listEntryPoints = () => this.asked(() => this.api.entryPoints());
  readonly listDialNumbers = () => this.asked(() => this.api.dialNumbers());
  readonly listExperts = (search: string) => this.asked(() => this.api.experts(search));
  readonly listHistory = (query: Parameters<CallPanelCommands["listHistory"]>[0] = {}) =>
    this.asked(() => this.api.history(query));
  readonly checkNumber = (typed: string) => this.asked(() => this.api.checkNumber(typed));

  placeCall(target: Target): Promise<void> {
    const { phone } = this;
    return this.run("placeCall", () =>
      phone ? this.commander.inTurn(() => phone.invite(dialledUser(target))) : this.api.placeCall(target),
    );
  }

  readonly hold = () => this.#command("hold", { type: "hold" });
  readonly unhold = () => this.#command("unhold", { type: "unhold" });
  readonly consult = (target: Target) => this.#command("consult", { type: "consult", target });
  readonly blindTransfer = (target: Target) => this.#command("blindTransfer", { type: "blind-transfer", target });
  readonly resume = () => this.#command("resume", { type: "resume" });
  readonly acceptTransfer = () => this.#command("acceptTransfer", { type: "accept-transfer" });
  readonly declineTransfer = () => this.#command("declineTransfer", { type: "decline-transfer" });
  readonly conference = () => this.#command("conference", { type: "conference" });
  readonly endConsult = () => this.#command("endConsult", { type: "end-consult" });
  readonly backToCustomer = () => this.#command("backToCustomer", { type: "back-to-customer" });
  readonly leave = () => this.#command("leave", { type: "leave" });
  readonly end = () => this.#command("end", { type: "end" });
  readonly sendDigits = (digits: string) => this.#command("sendDigits", { type: "dtmf", digits });

  /** CO-5: a REFER that ends with 503 does not say that it was the consulted party who did not want to; the desktop does. */
  async transfer(): Promise<void> {
    let stage: TransferStage | undefined;
    const unsubscribe = this.subscribe(({ desktop }) => {
      stage = (desktop?.interaction && transferStage(desktop.interaction)) ?? stage;
    });
    try {
      await this.#command("transfer", { type: "transfer" });
    } catch (error) {
      if (stage !== "asked" || !(error instanceof CallPanelError)) throw error;
      throw new CallPanelError("transfer-declined", error.message);
    } finally {
      unsubscribe();
    }
  }

  submitWrapUp(wrapUp: string, reason: string, note: string): Promise<void> {
    return this.run("submitWrapUp", () => this.api.submitWrapUp(wrapUp, { reason, note }));
  }

  draftWrapUp(wrapUp: string, reason: string, note: string): Promise<void> {
    return this.asked(() => this.api.draftWrapUp(wrapUp, { reason, note }));
  }

  cancelAutoWrapUp(wrapUp: string): Promise<void> {
    return this.run("cancelAutoWrapUp", () => this.api.cancelAutoWrapUp(wrapUp));
  }

  demoCall(): Promise<void> {
    return this.run("demoCall", () => this.api.demoCall());
  }

  #command(name: CallPanelCommand, command: Command): Promise<void> {
    return this.run(name, () => this.commander.run(command));
  }

  #ringingPhone(): Phone {
    const phone = this.phone;
    if (!phone) throw new CallPanelError("not-found", "calls ring at the desk phone");
    return phone;
  }
}
