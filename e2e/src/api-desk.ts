import { waitFor } from "./clock.js";
import type { Product } from "./product.js";
import { PASSWORD } from "./site.js";

/** What the server says an agent's desktop shows, as far as tests look. */
export interface PhoneDesktop {
  readonly agent: { readonly state: { readonly kind: string } };
  readonly station: { readonly registered: boolean };
  readonly interaction: null | {
    readonly id: string;
    readonly phase: string;
    readonly role: string;
    readonly customer: { readonly name: string; readonly number: string };
    readonly consult: null | { readonly stage: string; readonly active: string; readonly target: object };
    readonly controls: Readonly<Record<string, { readonly visible: boolean; readonly enabled: boolean }>>;
  };
  readonly wrapUps: readonly { readonly id: string; readonly customer: { readonly number: string } }[];
}

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

  async desktop(): Promise<PhoneDesktop> {
    return (await this.call("GET", "/api/desktop")).body as PhoneDesktop;
  }

  async isInState(state: string): Promise<void> {
    await waitFor(async () => {
      const { kind } = (await this.desktop()).agent.state;
      return kind === state ? undefined : `${this.id} is ${kind} instead of ${state}`;
    });
  }

  /** Waits for the phase of the present call, "none" without one. */
  async isIn(phase: string): Promise<void> {
    await waitFor(async () => {
      const shown = (await this.desktop()).interaction?.phase ?? "none";
      return shown === phase ? undefined : `${this.id} is in ${shown} instead of ${phase}`;
    });
  }

  async consultIs(stage: string): Promise<void> {
    await waitFor(async () => {
      const shown = (await this.desktop()).interaction?.consult?.stage;
      return shown === stage ? undefined : `the consult is ${shown} instead of ${stage}`;
    });
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
    const headers = { cookie: this.#cookie };
    const stream = await fetch(new URL("/api/events", this.product.page), { headers, signal: stop.signal });
    const read = (async () => {
      let text = "";
      for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
        const events = (text + chunk).split("\n\n");
        text = events.pop() ?? "";
        for (const event of events.filter((each) => each.includes("event: notice"))) {
          kinds.push((JSON.parse(/^data: (.*)$/m.exec(event)![1]!) as { kind: string }).kind);
        }
      }
    })().catch(() => undefined); // ended by us
    try {
      await act();
      await waitFor(() =>
        kinds.includes(kind) ? undefined : `${this.id} was told [${kinds.join(", ")}], not ${kind}`,
      );
      return kinds;
    } finally {
      stop.abort();
      await read;
    }
  }

  /** Waits for a wrap-up and submits it. */
  async wrapUp(): Promise<void> {
    await waitFor(async () => ((await this.desktop()).wrapUps.length > 0 ? undefined : `${this.id} has no wrap-up`));
    for (const { id } of (await this.desktop()).wrapUps) {
      await this.call("POST", `/api/wrap-ups/${id}`, { reason: "resolved" });
    }
  }

  /** Waits until no call is up or rings, submits what wrap-ups there are, and goes Idle. */
  async settle(): Promise<void> {
    await waitFor(async () => {
      const { kind } = (await this.desktop()).agent.state;
      return ["reserved", "engaged"].includes(kind) ? `${this.id} is still ${kind}` : undefined;
    });
    if ((await this.desktop()).wrapUps.length > 0) await this.wrapUp();
    await this.goIdle();
  }
}
