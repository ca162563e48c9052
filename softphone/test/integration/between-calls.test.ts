import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Page } from "playwright-core";
import { GalleryScene } from "../support/gallery-scene.js";

jest.setTimeout(60_000);

let gallery: GalleryScene;
let page: Page;

beforeAll(async () => {
  gallery = await GalleryScene.open();
});

afterAll(() => gallery?.close());

afterEach(() => page.context().close());

const at = (testId: string) => page.getByTestId(testId);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));

describe("the calls of the day", () => {
  it("says of each who, when, for how long, how it ended and why, newest first", async () => {
    page = await gallery.look("available", { timezoneId: "Asia/Tokyo", locale: "en-GB" });
    const entries = at("history-entry");
    await entries.first().waitFor();
    expect(await entries.locator("h3").allTextContents()).toEqual([
      "Ingrid Solberg",
      "Unknown number",
      "Cecilie Strand",
      "+47 99 88 77 66",
      "Knut Arild Kristoffersen-Haugland",
      "Bjørn Dahl",
    ]);
    const told = await entries.allInnerTexts();
    expect(told[0]).toMatch(/Answered · You consulted Bjørn Dahl · Billing\s+Solved: Wants the invoice by e-mail/);
    expect(told[0]).toMatch(/\d\d:\d\d\s+Talk time\s+03:12/);
    expect(told[1]).toMatch(/Not answered by you · Billing\s+\d\d:\d\d/);
    expect(told[2]).toContain("Consulted you about Per Aas");
    expect(told[3]).toContain("Busy");
    expect(told[4]).toMatch(/Transferred to Bjørn Dahl · Billing\s+Passed to a colleague/);
    const began = await entries.first().locator("time").getAttribute("datetime");
    const oslo = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "Europe/Oslo" });
    expect(await entries.first().locator("time").textContent()).toBe(oslo.format(new Date(began ?? ""))); // the site's time
  });

  it("takes the focus nowhere when they come, and to their heading when the button that was pressed is gone", async () => {
    page = await gallery.look("available");
    await at("history-entry").first().waitFor();
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    await at("history-more").click();
    await at("history-more").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.id === "history-title");
  });

  it("calls back by keyboard, where a number is known, and says why when that does not work", async () => {
    page = await gallery.look("available");
    await at("history-call").first().focus();
    expect(await focused()).toBe("Call back: Ingrid Solberg");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Call back: Cecilie Strand"); // nobody knows the number between them
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Call again: +47 99 88 77 66");
    await page.keyboard.press("Enter");
    await at("toast-error").filter({ hasText: "No line of this site leads to this number." }).waitFor();
  });

  it("brings the earlier ones when asked, below", async () => {
    page = await gallery.look("available");
    await at("history-more").click();
    await at("history-entry").filter({ hasText: "Taken over from Cecilie Strand" }).waitFor();
    expect(await at("history-entry").count()).toBe(8);
    expect(await at("history-more").count()).toBe(0);
  });

  it.each([
    ["loading", "Loading your calls…", "status"],
    ["empty", "No calls yet today.", "status"],
    ["failed", "Your calls could not be loaded.", "alert"],
  ] as const)("tells calls that are %s from the others", async (list, text, role) => {
    page = await gallery.look(`available&list=${list}`);
    await at("history").getByRole(role).filter({ hasText: text }).waitFor();
    expect(await at("history-entry").count()).toBe(0);
    expect(await at("history-retry").count()).toBe(list === "failed" ? 1 : 0);
  });

  it("takes in a call that has ended, and keeps what is there when that cannot be fetched", async () => {
    page = await gallery.look("available");
    await at("history-entry").first().waitFor();
    const callEnds = () => page.evaluate(() => void dispatchEvent(new Event("sample-call-ended")));
    await callEnds();
    await at("history-entry").filter({ hasText: "Per Aas" }).first().waitFor();
    expect(await at("history-entry").locator("h3").first().textContent()).toBe("Per Aas");
    await callEnds();
    await at("history-trouble").filter({ hasText: "could not be refreshed" }).waitFor();
    expect(await at("history-entry").count()).toBe(7);
  });
});

describe("an agent without a microphone", () => {
  it.each(["denied", "none", "busy", "insecure"])("[AG-3] is told before being available: %s", async (why) => {
    page = await gallery.look(`idle&microphone=${why}`);
    const notice = at("microphone-notice");
    expect(await notice.getAttribute("data-outlook")).toBe(why);
    expect(await notice.getAttribute("role")).toBe("alert");
    expect(await at("microphone-check").count()).toBe(why === "insecure" ? 0 : 1);
  });

  it("is offered to be asked now, not when the first caller waits", async () => {
    page = await gallery.look("idle&microphone=prompt", { language: "nb" });
    expect(await at("microphone-check").textContent()).toBe("Tillat mikrofonen");
    await page.context().close();
    page = await gallery.look("idle");
    await at("go-available").waitFor();
    expect(await at("microphone-notice").count()).toBe(0);
  });
});
