import type { Page } from "playwright-core";

/** What a page was made to do that it should not have done: found by what the browser itself says of it. */
export class PageGuard {
  /** Dialogs opened, and addresses asked for that are not the product's. */
  readonly #strange: string[] = [];

  private constructor(private readonly page: Page) {}

  /** Watches a page that has not been opened yet; `origin` is the product's. */
  static async on(page: Page, origin: string): Promise<PageGuard> {
    const guard = new PageGuard(page);
    page.on("dialog", (dialog) => {
      guard.#strange.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const ours = new URL(origin).host;
    const look = (url: string): void => {
      if (new URL(url).host !== ours && !url.startsWith("data:")) guard.#strange.push(`asks for ${url}`);
    };
    page.on("request", (request) => look(request.url()));
    page.on("websocket", (socket) => look(socket.url()));
    await page.addInitScript(() => {
      const violations: string[] = [];
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
        violations.push(`${violatedDirective}: ${blockedURI} ${sample}`),
      );
      Object.assign(window, { violations });
    });
    return guard;
  }

  /** What the Content-Security-Policy has forbidden since the page was loaded. */
  violations(): Promise<readonly string[]> {
    return this.page.evaluate(() => (window as unknown as { violations: string[] }).violations);
  }

  /** What was on purpose. */
  forget(): void {
    this.#strange.length = 0;
  }

  /** Everything that is wrong: violations, dialogs, strange addresses, elements that only injected text could have made. */
  async findings(): Promise<readonly string[]> {
    const injected = await this.page.evaluate(() =>
      [
        ...document.querySelectorAll(
          "script:not([src]), iframe, object, embed, base, b, img[src='x'], [onerror], [onload], a[href^='javascript']",
        ),
      ].map(({ outerHTML }) => `element: ${outerHTML.slice(0, 80)}`),
    );
    return [...(await this.violations()), ...this.#strange, ...injected];
  }
}
