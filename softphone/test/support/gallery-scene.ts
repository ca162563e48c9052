import type { Server } from "node:http";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { serveGallery } from "./processes.js";

/** What a page of the gallery shows, and how it is looked at. */
interface Look extends BrowserContextOptions {
  readonly language?: "en" | "nb";
  /** Runs before the page is loaded. */
  readonly before?: (page: Page) => Promise<void>;
}

/** The gallery of screens in Chromium: each look is a page of its own. */
export class GalleryScene {
  private constructor(
    readonly browser: Browser,
    private readonly server: Server,
    private readonly url: string,
  ) {}

  static async open(): Promise<GalleryScene> {
    const { server, url } = await serveGallery();
    const args = ["--no-sandbox", "--disable-gpu"];
    try {
      const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
      return new GalleryScene(browser, server, url);
    } catch (error) {
      server.close(); // and with it its folder
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }

  /** `screen`: the name of a sample, with further parts of the gallery's query after `&`. */
  async look(screen: string, { language = "en", before, ...options }: Look = {}): Promise<Page> {
    const context = await this.browser.newContext({ reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    await before?.(page);
    await page.goto(`${this.url}gallery.html?show=${screen}&lang=${language}`);
    await page.waitForSelector(".desktop, .sign-in-card, [data-lost=true]");
    return page;
  }
}
