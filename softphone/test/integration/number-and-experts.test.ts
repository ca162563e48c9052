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

/** Opens a dialog of the page at one kind. */
async function open(show: string, button: string, kind: string, list = "loaded"): Promise<void> {
  page = await gallery.look(`${show}&list=${list}`, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByTestId(button).click();
  await page.getByTestId(`consult-kind-${kind}`).click();
}

const field = () => page.getByTestId("consult-number");
const checked = (state: string) =>
  page.locator(`[data-testid=consult-number-check][data-check="${state}"]`).textContent();

async function paste(text: string): Promise<void> {
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await field().press("Control+V");
}

describe("the number field", () => {
  it("[DN-1] cleans what is pasted, where it is pasted, and shows the number as it will be dialled", async () => {
    await open("connected", "control-consult", "number");
    await field().fill(":9");
    await field().press("Home");
    await paste("Tel. +47 (22) 33-44 55");
    expect(await field().inputValue()).toBe("+4722334455:9");
    expect(await checked("ok")).toBe("Will be dialled: +47 22 33 44 55, then keys 9");
    await page.keyboard.type(":1"); // where the caret is after the paste
    expect(await field().inputValue()).toBe("+4722334455:1:9");
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(true);
  });

  it("[DN-1] forgets a paste that is deleted again", async () => {
    await open("connected", "control-consult", "number");
    await paste("22334455");
    await field().press("Control+A");
    await field().press("Delete");
    expect(await field().inputValue()).toBe("");
    await checked("none");
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(false);
  });

  it.each([
    ["22 33 44 55:1::2", "ok", "Will be dialled: +47 22 33 44 55, then keys 1, pause 2 s, 2"],
    ["112", "ok", "Will be dialled: 112"],
    ["2001", "ok", "Extension 2001"],
    ["12", "too-short", "Too short: a number has at least 3 digits."],
    ["1234567890123456789", "too-long", "Too long: a number has at most 18 digits."],
    ["47+22334455", "misplaced-plus", "A + can only stand first."],
    ["+999123456", "unknown-country", "No country has this country code."],
    ["+4712", "impossible", "No number of that country has this length. Check the digits."],
    [":12", "empty", "Type a number before the colon."],
  ])("[DN-2] [DN-4] says of %s: %s", async (typed, state, text) => {
    await open("connected", "control-consult", "number");
    await field().fill(typed);
    expect(await checked(state)).toBe(text);
    expect(await page.getByTestId("consult-submit").isEnabled()).toBe(state === "ok");
    const invalid = await field().getAttribute("aria-invalid");
    expect(invalid).toBe(state === "ok" ? null : "true");
    const described = (await field().getAttribute("aria-describedby"))?.split(" ") ?? [];
    expect(described).toContain(await page.getByTestId("consult-number-check").getAttribute("id"));
  });

  it("[DN-4] shows the answer to the last question when answers cross", async () => {
    await open("connected", "control-consult", "number", "crossing");
    await field().fill("12");
    await page.locator("[data-testid=consult-number-check][data-check=checking]").waitFor();
    await page.waitForFunction(() => document.body.dataset["asked"] === "1");
    await field().fill("112");
    expect(await checked("ok")).toBe("Will be dialled: 112");
    await page.waitForFunction(() => document.body.dataset["answered"] === "2"); // the first answer has come, too
    expect(await checked("ok")).toBe("Will be dialled: 112");
  });

  it("[DN-4] says that a number could not be checked, and then sends nothing", async () => {
    await open("connected", "control-consult", "number", "failed");
    await field().fill("112");
    expect(await checked("unchecked")).toContain("could not be checked");
    await field().press("Enter");
    expect(await page.getByTestId("consult-error").count()).toBe(0);
  });

  it("[DF-5] goes ahead with Enter, also before the check is back, and shows why it did not work", async () => {
    await open("idle", "place-call", "number");
    await field().pressSequentially("112");
    await field().press("Enter");
    expect(await page.getByTestId("consult-error").textContent()).toBe("No line of this site leads to this number.");
  });

  it("[DF-2] takes a number from the list, found by its name, into the field", async () => {
    await open("connected", "control-consult", "number");
    await field().fill("inter");
    await page.getByTestId("consult-number-taxi").waitFor({ state: "detached" });
    await page.getByTestId("consult-number-interpreter").click();
    expect(await field().inputValue()).toBe("+4780022222:2");
    expect(await checked("ok")).toContain("then keys 2");
  });
});

describe("the organisation", () => {
  const search = () => page.getByTestId("consult-search");

  it.each([
    ["mar", "marit"],
    ["lawyer", "jonas"],
    ["pens", "marit"],
    ["+4722001133", "jonas"],
  ])("[DF-4] finds %s as it is typed, by the server's rule", async (typed, id) => {
    await open("connected", "control-consult", "expert");
    await search().fill(typed);
    const others = page.locator(`[data-testid^=consult-expert-]:not([data-testid=consult-expert-${id}])`);
    await others.first().waitFor({ state: "detached" });
    await page.getByTestId(`consult-expert-${id}`).waitFor();
    expect(await page.locator(".list-note").textContent()).toMatch(/As of \d?\d:\d\d/);
  });

  it("[DF-4] shows each one's presence with the time it is from, and says when it may be out of date", async () => {
    await open("connected", "control-consult", "expert");
    const line = (id: string) => page.getByTestId(`consult-expert-${id}`).textContent();
    expect(await line("marit")).toMatch(/Available, as of \d?\d:\d\d( [AP]M)?\+4722001122$/);
    expect(await line("jonas")).toMatch(/Busy, as of \d?\d:\d\d( [AP]M)? – may be out of date/);
    expect(await line("tuva")).toMatch(/Claims\+4722001144$/); // nobody knows
  });

  it("[DF-4] says that a number has to be whole when nobody is found", async () => {
    await open("connected", "control-consult", "expert");
    await search().fill("+472200");
    await page.getByText("Nobody in the organisation matches “+472200”. A telephone number has to be whole.").waitFor();
  });

  it("[DF-4] goes all the way by keyboard: Enter takes the only one there is, and then consults", async () => {
    await open("connected", "control-consult", "expert");
    await search().fill("lawyer");
    await page.getByTestId("consult-expert-marit").waitFor({ state: "detached" });
    await search().press("Enter");
    await page.locator("[data-testid=consult-expert-jonas][aria-selected=true]").waitFor();
    await search().press("Enter");
    await page.getByTestId("consult-error").waitFor();
  });

  it("[DF-4] drops an answer that a newer search overtook", async () => {
    await open("connected", "control-consult", "expert", "crossing");
    await page.waitForFunction(() => document.body.dataset["asked"] === "1");
    await search().fill("lawyer");
    await page.waitForFunction(() => document.body.dataset["answered"] === "2");
    await page.getByTestId("consult-expert-jonas").waitFor();
    expect(await page.getByTestId("consult-expert-marit").count()).toBe(0);
  });
});

describe("the same dialog for other errands", () => {
  const rows = () =>
    page.locator("[data-testid^=consult-agent-]").evaluateAll((all) => all.map((row) => row.dataset["testid"]));

  it("[DF-3] [BT-1] lists only Available agents for a blind transfer", async () => {
    await open("connected", "control-blind-transfer", "agent");
    await page.getByTestId("consult-agent-bjorn").waitFor();
    expect(await rows()).toEqual(["consult-agent-bjorn"]);
    await page.getByTestId("consult-kind-queue").click();
    expect(await page.getByTestId("consult-queue-second").textContent()).toContain("the customer hears music");
  });

  it("[OB-1] [IN-1] offers numbers first, and colleagues, but no queue for a call", async () => {
    await open("available", "place-call", "number");
    const kinds = page.locator("[data-testid^=consult-kind-]");
    expect(await kinds.allTextContents()).toEqual(["Dial number", "Organisation", "Agent"]);
  });

  it("[DF-1] [BT-1] [OB-1] opens with its shortcut", async () => {
    for (const [show, key, dialog] of [
      ["connected", "C", "consult"],
      ["connected", "T", "transfer"],
      ["available", "C", "call"],
    ]) {
      page = await gallery.look(String(show));
      await page.waitForFunction(() => document.title !== "Legwork gallery"); // the page listens by then
      await page.keyboard.press(`Alt+Shift+${key}`);
      await page.getByTestId(`${dialog}-dialog`).waitFor();
      await page.context().close();
    }
  });
});
