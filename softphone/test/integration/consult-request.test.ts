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

afterEach(async () => {
  await page.context().close();
});

async function openDialog(list = "loaded", language: "en" | "nb" = "en"): Promise<void> {
  page = await gallery.look(`connected&list=${list}`, { language });
  await page.getByTestId("control-consult").click();
  await page.getByTestId("consult-dialog").waitFor();
}

const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const message = () => page.getByTestId("consult-list-message");

describe("the consult request", () => {
  it("[DF-2] [DF-5] takes the whole way to a queue by keyboard alone", async () => {
    await openDialog();
    await page.getByTestId("consult-agent-bjorn").waitFor();
    expect(await focused()).toBe("consult-search");
    await page.keyboard.press("Shift+Tab");
    expect(await focused()).toBe("consult-kind-agent");
    await page.keyboard.press("ArrowRight");
    expect(await focused()).toBe("consult-kind-queue");
    await page.keyboard.press("Tab");
    await page.keyboard.type("sec");
    await page.getByTestId("consult-queue-billing").waitFor({ state: "detached" });
    await page.keyboard.press("Tab"); // Refresh
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("[data-testid=consult-queue-second][aria-selected=true]").waitFor();
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(true);
  });

  it("[DF-2] lets the arrow keys go through every kind, each with its search one Tab away", async () => {
    await openDialog();
    await page.keyboard.press("Shift+Tab");
    for (const kind of ["queue", "entry-point", "number", "expert"]) {
      await page.keyboard.press("ArrowRight");
      expect(await focused()).toBe(`consult-kind-${kind}`);
      await page.locator(".list-note").waitFor();
      await page.keyboard.press("Tab");
      expect(await focused()).toBe(kind === "number" ? "consult-number" : "consult-search");
      await page.keyboard.press("Shift+Tab");
    }
  });

  it("[DF-9] says why it is the better way to begin, and that a telephone is worth as much", async () => {
    await openDialog();
    const help = await page.locator(".dialog-help").textContent();
    expect(help).toContain("it shows who is available now and how busy the queues are, and checks a number");
    expect(help).toContain("Consulting from your telephone is worth just as much");
  });

  it("[DF-2] shows how busy a queue is, and that one with nobody free lets you wait", async () => {
    await openDialog();
    await page.getByTestId("consult-kind-queue").click();
    expect(await page.getByTestId("consult-queue-billing").textContent()).toContain("3 waiting · 1 free");
    const second = page.getByTestId("consult-queue-second");
    expect(await second.textContent()).toContain("Nobody is free now; you hear music until somebody is.");
    await second.click();
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(true);
  });

  it("[DF-2] shows an entry point with its number and its queue, and forgets a choice of another kind", async () => {
    await openDialog();
    await page.getByTestId("consult-agent-bjorn").click();
    await page.getByTestId("consult-kind-entry-point").click();
    expect(await page.getByTestId("consult-entry-point-main-line").textContent()).toContain("+4780010001 · Billing");
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(false);
  });

  it("[DF-2] shows states as they change, and chooses nobody who has become unreachable", async () => {
    await openDialog("changing");
    await page.getByTestId("consult-agent-bjorn").click();
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(true);
    await page.locator("[data-testid=consult-agent-bjorn][data-reachable=false]").waitFor();
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(false);
  });

  it("[DF-3] [DF-5] calls nobody who is out of sight: another search is another choice", async () => {
    await openDialog();
    await page.getByTestId("consult-agent-bjorn").click();
    await page.getByTestId("consult-search").fill("cecilie");
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(false);
    await page.keyboard.press("Enter"); // takes the only line, and calls nobody yet
    await page.locator("[data-testid=consult-agent-cecilie][aria-selected=true]").waitFor();
    expect(await page.getByTestId("consult-error").count()).toBe(0);
  });

  it("[DF-3] [BT-1] lets go of an agent who is no longer offered for a blind transfer", async () => {
    page = await gallery.look("connected&list=changing");
    await page.getByTestId("control-blind-transfer").click();
    await page.getByTestId("consult-agent-bjorn").click();
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(true);
    await page.getByTestId("consult-agent-bjorn").waitFor({ state: "detached" });
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(false);
  });

  it.each([
    ["loading", "Loading queues…", "status"],
    ["empty", "There are no queues.", "status"],
    ["failed", "The queues could not be loaded. Press Refresh to try again.", "alert"],
  ])("[DF-2] tells a list that is %s from the others", async (list, text, role) => {
    await openDialog(list);
    await page.getByTestId("consult-kind-queue").click();
    await page.getByText(text).waitFor();
    expect(await message().getAttribute("role")).toBe(role);
  });

  it("speaks Norwegian", async () => {
    await openDialog("loaded", "nb");
    const kinds = page.locator("[data-testid^=consult-kind-]");
    expect(await kinds.allTextContents()).toEqual(["Agent", "Kø", "Inngangspunkt", "Telefonnummer", "Organisasjon"]);
  });
});
