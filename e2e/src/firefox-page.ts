import { type ElementHandle, type KeyInput, type Page } from "puppeteer-core";
import { type DeskElement, type DeskPage } from "./desk-page.js";

/** Puppeteer's page, as a desk wants it. */
export class FirefoxPage implements DeskPage {
  constructor(readonly driver: Page) {}

  goto(url: string): Promise<unknown> {
    return this.driver.goto(url);
  }

  setDefaultTimeout(ms: number): void {
    this.driver.setDefaultTimeout(ms);
  }

  getByTestId(id: string): DeskElement {
    return this.locator(`[data-testid="${id}"]`);
  }

  locator(selector: string): DeskElement {
    return new FirefoxElement(this.driver, selector);
  }

  evaluate<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    return this.driver.evaluate(run as (argument: unknown) => R, argument) as Promise<R>;
  }
}

class FirefoxElement implements DeskElement {
  constructor(
    private readonly driver: Page,
    private readonly selector: string,
  ) {}

  /** Waits until the page would take the press, as Playwright does: a button that has just come into sight is `aria-disabled`. */
  click(): Promise<void> {
    const takesPresses = (element: Element): boolean => element.getAttribute("aria-disabled") !== "true";
    return this.driver.locator(this.selector).filter(takesPresses).click();
  }

  check(): Promise<void> {
    return this.click();
  }

  fill(text: string): Promise<void> {
    return this.driver.locator(this.selector).fill(text);
  }

  async press(key: string): Promise<void> {
    await this.#with((element) => element.press(key as KeyInput));
  }

  async waitFor({ state = "visible" }: { readonly state?: "visible" | "detached" } = {}): Promise<void> {
    await this.driver.waitForSelector(this.selector, state === "visible" ? { visible: true } : { hidden: true });
  }

  async count(): Promise<number> {
    return (await this.driver.$$(this.selector)).length;
  }

  first(): DeskElement {
    return this;
  }

  getAttribute(name: string): Promise<string | null> {
    return this.#evaluate((element, name) => element.getAttribute(name), name);
  }

  evaluate<R>(run: (element: HTMLElement) => R): Promise<R> {
    return this.#evaluate(run as (element: HTMLElement, nothing: undefined) => R, undefined);
  }

  #evaluate<R, A>(run: (element: HTMLElement, argument: A) => R, argument: A): Promise<R> {
    const anyRun = run as (element: HTMLElement, argument: unknown) => R;
    return this.#with(async (element) => (await element.evaluate(anyRun, argument)) as R);
  }

  async #with<R>(act: (element: ElementHandle<HTMLElement>) => Promise<R>): Promise<R> {
    const element = (await this.driver.waitForSelector(this.selector)) as ElementHandle<HTMLElement>;
    try {
      return await act(element);
    } finally {
      await element.dispose();
    }
  }
}
