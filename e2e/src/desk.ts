import { Agent } from "./agent.js";
import type { DesktopFacts } from "./desktop-facts.js";
import { type DeskBrowser } from "./desk-page.js";
import type { Product } from "./product.js";
import { PASSWORD } from "./site.js";

/** Names of the call controls, as the page marks them. */
export type ControlName =
  | "hold"
  | "unhold"
  | "consult"
  | "resume"
  | "blind-transfer"
  | "transfer"
  | "accept-transfer"
  | "decline-transfer"
  | "conference"
  | "end-consult"
  | "back-to-customer"
  | "leave"
  | "end"
  | "mute";

/** An agent at the desktop: signs in, presses buttons, sees what the page shows; in Chromium unless another browser is named. */
export class Desk<B extends DeskBrowser = Agent> {
  private constructor(
    readonly agent: B,
    private readonly id: string,
  ) {}

  /** Opens Chromium with a tone for a microphone and signs in; with an extension the station is that desk phone. */
  static async open(product: Product, id: string, tone: number, extension?: string): Promise<Desk> {
    return Desk.openIn(await Agent.launch({ name: id, tone }), product, id, extension);
  }

  /** The same in a browser that has been opened. */
  static async openIn<B extends DeskBrowser>(
    agent: B,
    product: Product,
    id: string,
    extension?: string,
  ): Promise<Desk<B>> {
    const desk = new Desk(agent, id);
    agent.page.setDefaultTimeout(10_000);
    await agent.page.goto(product.page);
    await desk.signIn(PASSWORD, extension);
    await desk.see("agent-state");
    return desk;
  }

  async signIn(password: string, extension?: string): Promise<void> {
    await this.agent.page.getByTestId("sign-in-agent").fill(this.id);
    if (extension) {
      await this.agent.page.getByTestId("sign-in-station-extension").check();
      await this.agent.page.getByTestId("sign-in-extension").fill(extension);
    }
    await this.agent.page.getByTestId("sign-in-password").fill(password);
    await this.agent.page.getByTestId("sign-in-submit").click();
  }

  /** Waits until the page shows the thing. */
  async see(testId: string): Promise<void> {
    await this.agent.page.getByTestId(testId).waitFor();
  }

  async goAvailable(): Promise<void> {
    await this.agent.page.getByTestId("go-available").click();
    await this.isInState("available");
  }

  async goIdle(): Promise<void> {
    await this.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  }

  async accept(): Promise<void> {
    await this.agent.page.getByTestId("accept").click();
  }

  async decline(): Promise<void> {
    await this.agent.page.getByTestId("decline").click();
  }

  async press(control: ControlName): Promise<void> {
    await this.agent.page.getByTestId(`control-${control}`).click();
  }

  /** Waits until the page would let this button be pressed. */
  async mayPress(control: ControlName): Promise<void> {
    await this.agent.page
      .locator(`[data-testid="control-${control}"]:not([aria-disabled="true"]):not(:disabled)`)
      .waitFor();
  }

  async consult(colleague: string): Promise<void> {
    await this.press("consult");
    await this.agent.page.getByTestId(`consult-agent-${colleague}`).click();
    await this.agent.page.getByTestId("consult-submit").click();
  }

  /** Consults a queue through the dialog: whoever of it answers first. */
  async consultQueue(queue: string): Promise<void> {
    await this.press("consult");
    await this.agent.page.getByTestId("consult-kind-queue").click();
    await this.agent.page.getByTestId(`consult-queue-${queue}`).click();
    await this.agent.page.getByTestId("consult-submit").click();
  }

  /** Pastes a number into the open dialog, and returns what the page says of it once it has been checked. */
  async pasteNumber(this: Desk, text: string): Promise<string> {
    const { page, context } = this.agent;
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByTestId("consult-kind-number").click();
    await page.evaluate((value) => navigator.clipboard.writeText(value), text);
    await page.getByTestId("consult-number").press("Control+V");
    const checked = page.locator(
      "[data-testid=consult-number-check]:not([data-check=checking]):not([data-check=none])",
    );
    return (await checked.textContent()) ?? "";
  }

  /** Waits until the page shows this phase of the call, "none" without one. */
  isIn(phase: string): Promise<void> {
    return this.agent.page.locator(`[data-testid=phase][data-phase="${phase}"]`).first().waitFor();
  }

  /** Waits until the owner talks with this side of a consult that has been answered. */
  isTalkingWith(side: "customer" | "consult"): Promise<void> {
    return this.#isTold({ "interaction.consult.stage": "answered", "interaction.consult.active": side });
  }

  isInState(state: string, withinMs?: number): Promise<void> {
    return this.#isTold({ "agent.state.kind": state }, withinMs);
  }

  /** Waits until the server tells a desktop with these values, named by their paths. */
  async #isTold(wanted: Readonly<Record<string, string>>, withinMs = 10_000): Promise<void> {
    const last = await this.agent.page.evaluate(
      ([wanted, withinMs]) =>
        new Promise<Readonly<Record<string, unknown>> | null>((resolve) => {
          const events = new EventSource("/api/events");
          let found: Record<string, unknown> = {};
          const end = (result: typeof found | null): void => {
            events.close();
            clearTimeout(timer);
            resolve(result);
          };
          const timer = setTimeout(() => end(found), withinMs);
          events.addEventListener("desktop", ({ data }: MessageEvent<string>) => {
            const valueAt = (path: string): unknown =>
              path
                .split(".")
                .reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], JSON.parse(data));
            found = Object.fromEntries(Object.keys(wanted).map((path) => [path, valueAt(path) ?? null]));
            if (Object.entries(wanted).every(([path, value]) => found[path] === value)) end(null);
          });
        }),
      [wanted, withinMs] as const,
    );
    if (last) throw new Error(`${this.id} is not told ${JSON.stringify(wanted)}, but ${JSON.stringify(last)}`);
  }

  /** What the server says this desktop shows. */
  async desktop(): Promise<DesktopFacts> {
    return (await this.call("GET", "/api/desktop")).body as DesktopFacts;
  }

  async wrapUp(reason = "resolved"): Promise<void> {
    await this.see("wrap-up-dialog");
    await this.agent.page.getByTestId(`wrap-up-reason-${reason}`).click();
    await this.agent.page.getByTestId("wrap-up-submit").click();
    await this.agent.page.getByTestId("wrap-up-dialog").waitFor({ state: "detached" });
  }

  async hasNoWrapUp(): Promise<void> {
    const { wrapUps } = await this.desktop();
    if (wrapUps.length > 0) throw new Error(`${this.id} has a wrap-up`);
  }

  /** Calls the API as this agent would by hand, with the page's own cookie. */
  call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    return this.agent.page.evaluate(
      async ([method, path, body]) => {
        const session = (await (await fetch("/api/session")).json()) as { csrf?: string };
        const answer = await fetch(path, {
          method,
          headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrf ?? "" },
          ...(body ? { body } : {}),
        });
        return { status: answer.status, body: (await answer.json()) as unknown };
      },
      [method, path, body ? JSON.stringify(body) : null] as const,
    );
  }

  /** A command to the API, beside the page. */
  async command(interaction: string, command: object): Promise<{ status: number; code: string | null }> {
    const { status, body } = await this.call("POST", `/api/interactions/${interaction}/commands`, command);
    const { error } = body as { error?: { code: string } };
    return { status, code: error?.code ?? null };
  }

  async close(): Promise<void> {
    await this.agent.close();
  }
}
