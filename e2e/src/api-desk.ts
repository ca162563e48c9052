import { Changes } from "./changes.js";
import type { DesktopFacts } from "./desktop-facts.js";
import { eventsOf, type ServerSentEvent } from "./event-stream.js";
import type { Product } from "./product.js";
import { PASSWORD } from "./site.js";

/** The API as an agent's desktop beside a desk phone uses it. */
export class ApiDesk {
  #cookie = "";
  #csrf = "";

  constructor(
    private readonly product: Product,
    private readonly id: string,
    private readonly extension: string,
  ) {}

  /** Signs in with the desk phone as the station. */
  async signIn(): Promise<void> {
    const answer = await fetch(new URL("/api/session", this.product.page), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        agent: this.id,
        password: PASSWORD,
        station: { kind: "extension", extension: this.extension },
      }),
    });
    if (answer.status !== 201) throw new Error(`${this.id} cannot sign in: ${await answer.text()}`);
    this.#cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    this.#csrf = ((await answer.json()) as { csrf: string }).csrf;
  }

  /** One request to the API; the code is null when it went well. */
  async call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; code: string | null; body: unknown }> {
    const answer = await fetch(new URL(path, this.product.page), {
      method,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": this.#csrf, cookie: this.#cookie },
      ...(body && { body: JSON.stringify(body) }),
    });
    const json = (await answer.json()) as { error?: { code: string } };
    return { status: answer.status, code: json.error?.code ?? null, body: json };
  }

  /** A command on the present call; resolves with the code of its refusal, or null. */
  async command(command: object): Promise<string | null> {
    const { interaction } = await this.desktop();
    if (!interaction) throw new Error(`${this.id} has no call`);
    return (await this.call("POST", `/api/interactions/${interaction.id}/commands`, command)).code;
  }

  async desktop(): Promise<DesktopFacts> {
    return (await this.call("GET", "/api/desktop")).body as DesktopFacts;
  }

  /**
   * Waits until the desktop is as wanted: `look` is asked for the present one and for each that the server sends after it, and returns undefined, or
   * what is still missing. `within`: so many ms, or until it is aborted.
   */
  async until(
    look: (desktop: DesktopFacts) => string | undefined,
    within: number | AbortSignal = 10_000,
  ): Promise<void> {
    const signal = typeof within === "number" ? AbortSignal.timeout(within) : within;
    let missing: string | undefined = "no desktop was sent";
    try {
      for await (const { event, data } of await this.#events(signal)) {
        if (event === "desktop") missing = look(JSON.parse(data) as DesktopFacts);
        if (missing === undefined) return;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    throw new Error(`${this.id}: ${missing}`, { cause: signal.reason });
  }

  /** Tells the present desktop, and each that follows it until `end`; resolves with the first. */
  async follow(tell: (desktop: DesktopFacts) => void, end: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const told = (desktop: DesktopFacts): undefined => {
        tell(desktop);
        resolve();
      };
      const read = async (): Promise<void> => {
        for await (const { event, data } of await this.#events(end))
          if (event === "desktop") told(JSON.parse(data) as DesktopFacts);
      };
      read().catch(reject); // at the end nobody listens any more
    });
  }

  isInState(state: string): Promise<void> {
    return this.until(({ agent }) => (agent.state.kind === state ? undefined : `${agent.state.kind}, not ${state}`));
  }

  /** Waits for the phase of the present call, "none" without one. */
  isIn(phase: string, withinMs?: number): Promise<void> {
    return this.until(({ interaction }) => {
      const shown = interaction?.phase ?? "none";
      return shown === phase ? undefined : `in ${shown}, not ${phase}`;
    }, withinMs);
  }

  consultIs(stage: string, withinMs?: number): Promise<void> {
    return this.until(({ interaction }) => {
      const shown = interaction?.consult?.stage;
      return shown === stage ? undefined : `the consult is ${shown}, not ${stage}`;
    }, withinMs);
  }

  async goAvailable(): Promise<void> {
    await this.call("POST", "/api/agent/state", { state: "available" });
    await this.isInState("available");
  }

  async goIdle(): Promise<void> {
    await this.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  }

  /** Runs `act` and waits until the desktop has been told a notice of this kind; resolves with the kinds of all it was told. */
  async toldDuring(kind: string, act: () => Promise<void>): Promise<readonly string[]> {
    const stop = new AbortController();
    const kinds: string[] = [];
    const told = new Changes();
    const stream = await this.#events(stop.signal);
    const read = (async () => {
      for await (const { event, data } of stream) {
        if (event === "notice") kinds.push((JSON.parse(data) as { kind: string }).kind);
        told.happened();
      }
    })().catch(() => undefined); // ended by us
    try {
      await act();
      await told.until(() =>
        kinds.includes(kind) ? undefined : `${this.id} was told [${kinds.join(", ")}], not ${kind}`,
      );
      return kinds;
    } finally {
      stop.abort();
      await read;
    }
  }

  async #events(signal: AbortSignal): Promise<AsyncGenerator<ServerSentEvent>> {
    return eventsOf(
      await fetch(new URL("/api/events", this.product.page), { headers: { cookie: this.#cookie }, signal }),
    );
  }

  /** Waits for a wrap-up and submits it. */
  async wrapUp(): Promise<void> {
    await this.until(({ wrapUps }) => (wrapUps.length > 0 ? undefined : "no wrap-up"));
    for (const { id } of (await this.desktop()).wrapUps) {
      await this.call("POST", `/api/wrap-ups/${id}`, { reason: "resolved" });
    }
  }

  /** Waits until no call is up or rings, submits what wrap-ups there are, and goes Idle. */
  async settle(): Promise<void> {
    await this.until(({ agent }) =>
      ["reserved", "engaged"].includes(agent.state.kind) ? `still ${agent.state.kind}` : undefined,
    );
    if ((await this.desktop()).wrapUps.length > 0) await this.wrapUp();
    await this.goIdle();
  }
}
