/** The part of a page that a desk works with, as Playwright names it; other drivers are brought into this form. */
export interface DeskPage {
  goto(url: string): Promise<unknown>;
  setDefaultTimeout(ms: number): void;
  getByTestId(id: string): DeskElement;
  locator(selector: string): DeskElement;
  evaluate<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
}

/** An element that need not be there yet: what is done to it waits for it. */
export interface DeskElement {
  click(): Promise<void>;
  check(): Promise<void>;
  fill(text: string): Promise<void>;
  /** A key of the keyboard by its name (UI Events KeyboardEvent key values), with the element focused. */
  press(key: string): Promise<void>;
  waitFor(options?: { readonly state?: "visible" | "detached" }): Promise<void>;
  count(): Promise<number>;
  first(): DeskElement;
  getAttribute(name: string): Promise<string | null>;
  evaluate<R>(run: (element: HTMLElement) => R): Promise<R>;
}

/** A person with a browser, whichever it is. */
export interface DeskBrowser {
  readonly page: DeskPage;
  /** What the page wrote to its console, and its uncaught errors ("uncaught: …"). */
  readonly console: readonly string[];
  close(): Promise<void>;
}
