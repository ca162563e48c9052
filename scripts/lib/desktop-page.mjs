/** An agent's page and the things a script does on it. */
export class Desktop {
  constructor(page, shoot) {
    this.page = page;
    this.shoot = shoot;
  }

  at(testId) {
    return this.page.getByTestId(testId);
  }

  press(testId) {
    return this.at(testId).click();
  }

  /** Waits until the call is in this phase and the button can be pressed. */
  async isIn(phase, control) {
    await this.page.locator(`[data-testid=phase][data-phase=${phase}]`).waitFor();
    if (!control) return;
    const enabled = ":not(:disabled):not([aria-disabled=true])";
    await this.page.locator(`[data-testid=control-${control}]${enabled}`).waitFor();
  }

  async signIn(url, agent) {
    await this.page.goto(url);
    await this.at("sign-in-agent").fill(agent);
    await this.at("sign-in-password").fill(`legwork-${agent}`);
    await this.shoot("sign-in", this);
    await this.press("sign-in-submit");
    await this.page.locator("[data-testid=station][data-registered=true]").waitFor();
  }

  /** A dialog of the top bar, which is closed again; the picture has the name of its button. */
  async openAndShoot(button, dialog) {
    await this.press(button);
    await this.at(dialog).waitFor();
    await this.shoot(button, this);
    await this.page.keyboard.press("Escape");
    await this.at(dialog).waitFor({ state: "detached" });
  }

  async consult(colleague, { shoot = false } = {}) {
    await this.press("control-consult");
    await this.press(`consult-agent-${colleague}`);
    if (shoot) await this.shoot("consult-request", this);
    if (shoot) await this.showQueues(colleague);
    await this.press("consult-submit");
  }

  /** A number and the organisation in the consult request, which is closed again. */
  async showNumberAndExperts() {
    await this.press("control-consult");
    await this.press("consult-kind-number");
    await this.at("consult-number").fill("+47 21 00 02 01:2");
    await this.page.locator("[data-testid=consult-number-check][data-check=ok]").waitFor();
    await this.shoot("consult-number", this);
    await this.press("consult-kind-expert");
    await this.at("consult-expert-nina").waitFor();
    await this.shoot("consult-expert", this);
    await this.page.keyboard.press("Escape");
  }

  /** Chooses the first of the site's numbers in the dialog that is open. */
  async chooseNumber(name) {
    await this.press("consult-kind-number");
    await this.press("consult-number-taxi");
    await this.page.locator("[data-testid=consult-number-check][data-check=ok]").waitFor();
    if (name) await this.shoot(name, this);
    await this.press("consult-submit");
  }

  async goTo(state) {
    await this.press("agent-state");
    await this.press(`state-${state}`);
    await this.page.locator(`[data-testid=agent-state][data-state=${state.split("-")[0]}]`).waitFor();
  }

  /** The queues of the consult request, then back to the colleague. */
  async showQueues(colleague) {
    await this.press("consult-kind-queue");
    await this.page.locator("[data-testid^=consult-queue-]").first().waitFor();
    await this.shoot("consult-queues", this);
    await this.press("consult-kind-agent");
    await this.press(`consult-agent-${colleague}`);
  }

  /** Waits until the server lets the owner talk with the customer and the page may switch back. */
  async talksWithCustomer() {
    await this.page.waitForFunction(async () => {
      const answer = await fetch("/api/desktop");
      return (await answer.json()).interaction?.consult?.active === "customer";
    });
    await this.isIn("consulting", "resume");
  }

  async wrapUp() {
    await this.press("wrap-up-reason-resolved");
    await this.press("wrap-up-submit");
    await this.at("wrap-up-dialog").waitFor({ state: "detached" });
  }
}
