import type { ControlRequestBody, MediaDump } from "@legwork/shared/control";
import type { InteractionId, LegId } from "@legwork/shared/ids";
import { done, failed, type Outcome } from "../thread/leg-session.js";
import type { ThreadDump, ThreadReply, ThreadRequestBody } from "../thread/messages.js";
import { LegRegistry } from "./leg-registry.js";

export interface DispatcherPorts {
  readonly instance: string;
  readonly threads: number;
  ask(thread: number, body: ThreadRequestBody): Promise<ThreadReply>;
}

type Body = Exclude<ControlRequestBody, { type: "hello" }>;

/** Brings each request to the media thread that its leg or interaction lives on. */
export class Dispatcher {
  readonly registry: LegRegistry;
  readonly #ports: DispatcherPorts;

  constructor(ports: DispatcherPorts) {
    this.#ports = ports;
    this.registry = new LegRegistry(ports.threads);
  }

  async handle(body: Body): Promise<Outcome> {
    switch (body.type) {
      case "openLeg":
        return this.#openLeg(body);
      case "closeLeg":
        return this.#closeLeg(body.leg);
      case "closeInteraction":
        return this.#closeInteraction(body.interaction);
      case "applyPlan":
        return this.#applyPlan(body);
      case "dump":
        return { ok: true, result: { type: "dump", dump: await this.dump() } };
      default: {
        const thread = this.registry.threadOfLeg(body.leg);
        return thread === undefined ? failed("unknown-leg", `${body.leg} is not open`) : this.#ask(thread, body);
      }
    }
  }

  async dump(): Promise<MediaDump> {
    const threads: ThreadDump[] = [];
    for (let thread = 0; thread < this.#ports.threads; thread++) {
      const reply = await this.#ports.ask(thread, { type: "dump" });
      if ("dump" in reply) threads.push(reply.dump);
    }
    return { instance: this.#ports.instance, threads };
  }

  /** Closes everything: sip-proxy has been away for too long. */
  async closeAll(): Promise<void> {
    await Promise.all(this.registry.interactions.map((interaction) => this.#closeInteraction(interaction)));
  }

  async #openLeg(body: Body & { type: "openLeg" }): Promise<Outcome> {
    const isNew = this.registry.threadOfLeg(body.leg) === undefined;
    const outcome = await this.#ask(this.registry.place(body), body);
    if (!outcome.ok && isNew) this.registry.forgetLeg(body.leg);
    return outcome;
  }

  async #closeLeg(leg: LegId): Promise<Outcome> {
    const thread = this.registry.threadOfLeg(leg);
    if (thread === undefined) return done;
    this.registry.forgetLeg(leg);
    return this.#ask(thread, { type: "closeLeg", leg });
  }

  async #closeInteraction(interaction: InteractionId): Promise<Outcome> {
    const thread = this.registry.threadOfInteraction(interaction);
    if (thread === undefined) return done;
    this.registry.forgetInteraction(interaction);
    return this.#ask(thread, { type: "closeInteraction", interaction });
  }

  async #applyPlan(body: Body & { type: "applyPlan" }): Promise<Outcome> {
    const refusal = this.registry.refusalOf(body);
    if (refusal) return { ok: false, error: refusal };
    const thread = this.registry.threadOfInteraction(body.interaction);
    if (thread === undefined) return failed("unknown-leg", `${body.interaction} has no legs`);
    this.registry.plan(body.interaction);
    return this.#ask(thread, body);
  }

  async #ask(thread: number, body: ThreadRequestBody): Promise<Outcome> {
    const reply = await this.#ports.ask(thread, body);
    return "dump" in reply ? failed("internal", "a dump nobody asked for") : reply;
  }
}
