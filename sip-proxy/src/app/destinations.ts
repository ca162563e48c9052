import type { ErrorCode, NumberCheck, Target } from "@legwork/shared/api";
import { cleanDialText, factsOf, isEmergency } from "@legwork/shared/dial-number";
import { brand, type AgentId, type EntryPointId, type QueueId } from "@legwork/shared/ids";
import type { ConsultTarget } from "@legwork/shared/interaction";
import type { EntryPointRecord, SiteData } from "@legwork/shared/store";
import type { Agents } from "./agents.js";
import type { dialing } from "./dialing.js";
import type { Experts } from "./experts.js";

/** Whom a dialled name or number, or a choice in the dialog, means; or why it means nobody. */
export type Destination =
  { readonly ok: true; readonly target: ConsultTarget } | { readonly ok: false; readonly why: ErrorCode };

const to = (target: ConsultTarget | null): Destination =>
  target ? { ok: true, target } : { ok: false, why: "target-not-reachable" };

/** Digits with what people write between them: everything else in a request URI is a name. */
const NUMBER = /^[+0-9*#:().\-\s]+$/;

/** What can be called from here: the site's own people, queues and numbers, and the rest of the telephone network. */
export class Destinations {
  constructor(
    private readonly agents: Agents,
    /** Changes while we run (DI-1). */
    private readonly site: Pick<SiteData, "queues" | "entryPoints" | "dialNumbers">,
    private readonly experts: Pick<Experts, "find">,
    private readonly parse: ReturnType<typeof dialing>,
  ) {}

  /** What a station dialled: an agent, an extension, an entry point's number or name, a queue's name, an expert's id, or a number, in this order. */
  dialled(user: string): Destination {
    if (isEmergency(user)) return this.#number(user, null);
    const agent = this.agents.find(user);
    if (agent) return to({ kind: "agent", agent: agent.id });
    if (this.entryPointOf(user)) return this.#number(user, null);
    const ours = this.#entryPoint(user) ?? this.#queue(user);
    if (ours) return to(ours);
    if (this.experts.find(user)) return this.chosen({ kind: "expert", expert: user });
    return NUMBER.test(user) ? this.#number(user, null) : { ok: false, why: "not-found" };
  }

  /** What an agent chose in a dialog. */
  chosen(target: Target): Destination {
    switch (target.kind) {
      case "agent": {
        const agent = brand<AgentId>(target.agent);
        return to(this.agents.get(agent) ? { kind: "agent", agent } : null);
      }
      case "queue":
        return to(this.#queue(target.queue));
      case "entry-point":
        return to(this.#entryPoint(target.entryPoint));
      case "number":
        return this.#number(target.number, null);
      case "expert": {
        const expert = this.experts.find(target.expert);
        return expert?.number ? this.#number(expert.number, expert.name) : to(null);
      }
    }
  }

  /** DN: what typed text would be dialled as. */
  check(text: string): NumberCheck {
    const outcome = this.parse(text);
    if (outcome.ok && outcome.dial.postDial !== "" && this.entryPointOf(text))
      return { ok: false, error: "digits-inside" };
    return outcome.ok
      ? { ...outcome.dial, ok: true, display: factsOf(outcome.dial.number).display }
      : { ok: false, error: outcome.error };
  }

  allEntryPoints(): readonly EntryPointRecord[] {
    return this.site.entryPoints;
  }

  /** How a call from inside the house comes to a queue; undefined: it is none, or has no entry point. */
  wayIn(target: ConsultTarget): EntryPointRecord | undefined {
    if (target.kind === "entry-point") return this.site.entryPoints.find((e) => e.id === target.entryPoint);
    return target.kind === "queue" ? this.site.entryPoints.find((e) => e.queue === target.queue) : undefined;
  }

  dialNumbers(): SiteData["dialNumbers"] {
    return this.site.dialNumbers;
  }

  /** The entry point that has this number, however either is written: short, as at home, with or without its plus. */
  entryPointOf(number: string): EntryPointRecord | undefined {
    const [dialled = ""] = cleanDialText(number).split(":");
    const digits = dialled.replace(/\D/g, "");
    if (digits === "" || isEmergency(dialled)) return undefined;
    const same = (e: EntryPointRecord): boolean => e.number.replace(/\D/g, "") === digits;
    const e164 = this.#read(dialled);
    return (
      this.site.entryPoints.find(same) ??
      this.site.entryPoints.find((e) => e164 !== null && this.#read(e.number) === e164)
    );
  }

  /** What this would be dialled as; null: nothing. */
  #read(text: string): string | null {
    const outcome = this.parse(text);
    return outcome.ok ? outcome.dial.number : null;
  }

  /** DN-1 to DN-5. A number of our own stays in the house: an extension is its agent, an entry point's number the entry point. */
  #number(text: string, name: string | null): Destination {
    const outcome = this.parse(text);
    if (!outcome.ok) return { ok: false, why: "number-not-possible" };
    const { kind, number, postDial } = outcome.dial;
    const agent = kind === "extension" ? this.agents.find(number) : undefined;
    if (agent) return to({ kind: "agent", agent: agent.id });
    const entryPoint = this.entryPointOf(text);
    if (entryPoint && postDial !== "") return { ok: false, why: "number-not-possible" };
    if (entryPoint) return to(this.#entryPoint(entryPoint.id));
    return to({ kind: "outside", outside: { number, name: name ?? this.#nameOf(number) }, digits: postDial });
  }

  /** What the site calls a number that it keeps at hand. */
  #nameOf(number: string): string | null {
    return this.site.dialNumbers.find((known) => this.#read(known.number) === number)?.name ?? null;
  }

  #queue(id: string): ConsultTarget | null {
    const queue = brand<QueueId>(id);
    return this.site.queues.some((q) => q.id === queue) ? { kind: "queue", queue } : null;
  }

  #entryPoint(id: string): ConsultTarget | null {
    const entryPoint = this.site.entryPoints.find((e) => e.id === brand<EntryPointId>(id));
    return entryPoint ? { kind: "entry-point", entryPoint: entryPoint.id, queue: entryPoint.queue } : null;
  }
}
