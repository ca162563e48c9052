import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Page } from "playwright-core";
import { GalleryScene } from "../support/gallery-scene.js";

jest.setTimeout(60_000);

const LANGUAGES = ["en", "nb"] as const;

let gallery: GalleryScene;
let page: Page;

beforeAll(async () => {
  gallery = await GalleryScene.open();
});

afterAll(() => gallery?.close());

afterEach(() => page.context().close());

const at = (testId: string) => page.getByTestId(testId);
const clock = { before: async (each: Page) => void (await each.clock.install()) };

describe("a page of which a part is missing, as after an upgrade", () => {
  it.each(LANGUAGES)(
    "[DF-11] says so and offers to reload, and the call can be muted and ended meanwhile, %s",
    async (language) => {
      page = await gallery.look("connected", {
        language,
        before: async (each) =>
          void (await each.route("**/desktop-page*.js", (route) => route.fulfill({ status: 404 }))),
      });
      await at("broken").waitFor();
      const title = language === "en" ? "This page cannot go on" : "Siden kan ikke fortsette";
      expect(await page.locator("h1").textContent()).toBe(title);
      expect(await page.title()).toBe(`${title} – Legwork`);
      for (const id of ["reload", "control-mute", "control-end"]) await at(id).click({ trial: true });
      await page.unrouteAll();
      await at("reload").click();
      await page.locator(".desktop").waitFor();
    },
  );

  it("[DF-11] tells that the server is not reached yet, and is no sign-in form", async () => {
    page = await gallery.look("opening-lost");
    expect(await at("opening").textContent()).toContain("The server cannot be reached. Trying again…");
    expect(await at("sign-in-agent").count()).toBe(0);
  });
});

describe("what the browser's tab is called", () => {
  it.each([
    ["sign-in", "Sign in – Legwork"],
    ["other-tab", "Your desktop is in another tab – Legwork"],
    ["connected", "In a call – Legwork"],
    ["available", "Legwork"],
  ])("[DF-11] is, with %s: %s", async (screen, title) => {
    page = await gallery.look(screen);
    await page.waitForFunction((wanted) => document.title === wanted, title);
  });
});

describe("a panel in a page of somebody else", () => {
  it.each(["sign-in", "other-tab", "available", "connected"])(
    "[DF-11] has no heading of the page's own rank on %s",
    async (screen) => {
      page = await gallery.look(`${screen}&embedded`);
      expect(await page.locator("h1").count()).toBe(0);
      expect(await page.locator("h2").count()).toBeGreaterThan(0);
    },
  );
});

describe("a wrap-up that is being written", () => {
  it("[WU-1] goes to the server as it changes, and at once when the field is left", async () => {
    page = await gallery.look("wrap-up");
    await at("wrap-up-note").pressSequentially("Call after noon");
    await page.waitForFunction(() => document.body.dataset["draft"] === "solved: Call after noon");
    await at("wrap-up-reason-callback").click();
    await page.waitForFunction(() => document.body.dataset["draft"] === "callback: Call after noon");
  });

  it("[WU-1] is there again after a reload, and its end is announced", async () => {
    page = await gallery.look("wrap-up-soon-over");
    expect(await at("wrap-up-note").inputValue()).toBe("Wants an invoice");
    expect(await page.locator("input[value=callback]").isChecked()).toBe(true);
    expect(await at("wrap-up-soon").textContent()).toContain("less than 20 seconds");
    expect(await page.evaluate(() => document.body.dataset["draft"])).toBeUndefined(); // nothing has changed
    await page.context().close();
    page = await gallery.look("wrap-up");
    expect(await at("wrap-up-soon").textContent()).toBe("");
  });
});

describe("notices", () => {
  it("stay while they are pointed at or have the focus, and go after a while", async () => {
    page = await gallery.look("connected&notice=1", clock);
    await page.clock.runFor(100);
    await at("toast-notice").hover();
    await page.clock.runFor(60_000);
    expect(await at("toast-notice").count()).toBe(1);
    await page.mouse.move(0, 0);
    await page.clock.runFor(9_000);
    await at("toast-notice").waitFor({ state: "detached" });
  });

  it("stay until they are dismissed where a command has failed", async () => {
    page = await gallery.look("connected", clock);
    await at("control-hold").click();
    await at("toast-error").waitFor();
    await page.clock.runFor(60_000);
    await at("toast-error").getByRole("button").click();
    await at("toast-error").waitFor({ state: "detached" });
  });
});

describe("an open dialog", () => {
  it("[DF-1] lets no shortcut reach what is behind it", async () => {
    page = await gallery.look("connected");
    await at("control-consult").click();
    await at("consult-agent-bjorn").waitFor();
    for (const key of ["T", "E", "H"]) await page.keyboard.press(`Alt+Shift+${key}`);
    expect(await at("transfer-dialog").count()).toBe(0);
    expect(await at("consult-dialog").count()).toBe(1);
    expect(await at("toast-error").count()).toBe(0); // the sample refuses a hold
  });

  it("[DF-2] keeps its place whatever it offers, and marks who is chosen by more than a colour", async () => {
    page = await gallery.look("connected");
    await at("control-consult").click();
    const tops = new Set<number | undefined>();
    for (const kind of ["agent", "queue", "entry-point", "number", "expert"]) {
      await at(`consult-kind-${kind}`).click();
      await page.locator(".list-note").waitFor();
      tops.add((await page.locator(".modal").boundingBox())?.y);
    }
    expect(tops.size).toBe(1);
    const tick = page.locator("[data-testid=consult-expert-marit] .agent-tick");
    expect(await tick.isVisible()).toBe(false);
    await at("consult-expert-marit").click();
    await tick.waitFor({ state: "visible" });
  });
});
