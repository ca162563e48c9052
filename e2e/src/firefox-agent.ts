import puppeteer, { type Browser } from "puppeteer-core";
import { type DeskBrowser } from "./desk-page.js";
import { FirefoxPage } from "./firefox-page.js";
import { type Listener } from "./hearing.js";
import { SoundCard } from "./sound-card.js";
import { type Sound } from "./tones.js";

const EXECUTABLE = "/usr/bin/firefox-esr";

/** A microphone that speaks one tone, allowed for good, and sound without a click: as an agent has set the browser up. */
const preferences = (tone: number): Readonly<Record<string, unknown>> => ({
  "media.navigator.streams.fake": true,
  "media.navigator.audio.fake_frequency": tone,
  "permissions.default.microphone": 1,
  "media.autoplay.default": 0,
  "media.autoplay.block-webaudio": false,
  // The tests' network leads nowhere else.
  "network.manage-offline-status": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
});

/** A person with Firefox: driven by WebDriver BiDi, with a microphone of its own, heard at its sound card. */
export class FirefoxAgent implements DeskBrowser, Listener {
  /** What the page wrote to its console, and its uncaught errors: for the output of a failing test. */
  readonly console: string[] = [];

  private constructor(
    readonly name: string,
    readonly page: FirefoxPage,
    private readonly browser: Browser,
    private readonly speaker: SoundCard,
  ) {}

  /** With a tone of whole Hz for a microphone. */
  static async launch(name: string, tone: number): Promise<FirefoxAgent> {
    const speaker = await SoundCard.create(name);
    let browser: Browser | undefined;
    try {
      browser = await puppeteer.launch({
        browser: "firefox",
        executablePath: EXECUTABLE,
        headless: true,
        extraPrefsFirefox: preferences(tone),
        env: { ...process.env, ...speaker.env },
      });
      const page = await browser.newPage();
      const agent = new FirefoxAgent(name, new FirefoxPage(page), browser, speaker);
      page.on("console", (message) => agent.console.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => agent.console.push(`uncaught: ${String(error)}`));
      return agent;
    } catch (error) {
      await browser?.close();
      await speaker.close();
      throw error;
    }
  }

  /** All that Firefox played between two times: the call, and whatever else sounds. */
  sound(fromMs: number, toMs: number): Promise<Sound> {
    return this.speaker.sound(fromMs, toMs);
  }

  async close(): Promise<void> {
    try {
      await this.browser.close();
    } finally {
      await this.speaker.close();
    }
  }
}
