import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Language } from "@legwork/shared/call-panel";
import type { Locator, Page } from "playwright-core";
import { GalleryScene } from "../support/gallery-scene.js";

jest.setTimeout(60_000);

const WIDE = { width: 1280, height: 720 };
const NARROW = { width: 400, height: 800 };
const LANGUAGES = ["en", "nb"] as const;
const CALLS = [
  "available",
  "incoming",
  "connected",
  "held",
  "consult-queued",
  "consult-ringing",
  "consulted-on-hold",
  "wrap-up-and-call",
  "dialling",
  "transfer-question",
];

let gallery: GalleryScene;

beforeAll(async () => {
  gallery = await GalleryScene.open();
});

afterAll(() => gallery?.close());

const open = (show: string, viewport: typeof WIDE, language: Language = "en", locale = "en-GB"): Promise<Page> =>
  gallery.look(`${show}&notice=1`, { viewport, language, locale });

/** What a notice lies over, by test id or class; notices do not count. */
const covered = (toast: Locator) =>
  toast.evaluate((element) => {
    const box = element.getBoundingClientRect();
    const facts = "button, .state, .chip, .me, .call-head, .card, .hears, .incoming, .idle, .wrap-up, .controls";
    return [...document.querySelectorAll<HTMLElement>(facts)]
      .filter((other) => !other.closest(".toasts"))
      .filter((other) => {
        const { top, bottom, left, right } = other.getBoundingClientRect();
        return top < box.bottom && bottom > box.top && left < box.right && right > box.left;
      })
      .map((other) => other.dataset.testid ?? other.className);
  });

describe.each([
  ["1280 x 720", WIDE],
  ["400 x 800", NARROW],
])("at %s", (_, size) => {
  it.each(CALLS)("a notice covers no control and no fact on %s, and moves nothing", async (screen) => {
    const page = await open(screen, size);
    const phase = page.locator(".main > :first-child > :first-child");
    const toast = page.getByTestId("toast-notice");
    await toast.waitFor();
    expect(await covered(toast)).toEqual([]);
    const before = await phase.boundingBox();
    await toast.getByRole("button").click();
    await toast.waitFor({ state: "detached" });
    expect(await phase.boundingBox()).toEqual(before);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width);
    await page.context().close();
  });

  it.each(LANGUAGES)("the longest failure covers nothing either, newest in front, %s", async (language) => {
    const page = await open("incoming", size, language);
    await page.getByTestId("toast-notice").waitFor();
    await page.getByTestId("accept").click();
    const error = page.getByTestId("toast-error");
    await error.waitFor();
    expect(await covered(error)).toEqual([]);
    expect(await page.getByTestId("toast-notice").isVisible()).toBe(false);
    await error.getByRole("button").click();
    await page.getByTestId("toast-notice").waitFor({ state: "visible" });
    await page.context().close();
  });

  it.each(LANGUAGES)("each station's name is one line, %s", async (language) => {
    const page = await open("sign-in", size, language);
    const lines = await page.locator(".station strong").evaluateAll((names) =>
      names.map((name) => {
        const range = document.createRange();
        range.selectNodeContents(name);
        return range.getClientRects().length;
      }),
    );
    expect(lines).toEqual([1, 1]);
    await page.context().close();
  });
});

describe("at 1280 x 720", () => {
  it.each([
    ["wrap-up-and-call", "accept", "decline"],
    ["wrap-up-and-consulted", "control-leave", "control-mute"],
    ["transfer-question-and-wrap-up", "control-accept-transfer", "control-decline-transfer"],
  ])("[AG-3] [CO-5] the call and the wrap-up are both in sight on %s", async (screen, ...controls) => {
    const page = await open(screen, WIDE);
    for (const id of [...controls, "wrap-up-note", "wrap-up-submit"]) {
      const box = await page.getByTestId(id).boundingBox();
      expect([id, (box?.y ?? 0) + (box?.height ?? 0) <= WIDE.height]).toEqual([id, true]);
      await page.getByTestId(id).click({ trial: true }); // nothing lies over it
    }
    await page.context().close();
  });
});

describe.each(LANGUAGES)("at 1280 x 720, %s", (language) => {
  it.each([
    "connected",
    "held",
    "consult-queued",
    "consult-ringing",
    "consult-answered",
    "conference",
    "consulted-on-hold",
    "transfer-question",
    "dialling",
    "blind-transferring",
    "transfer-asked",
    "consult-expert",
    "conference-outside",
  ])("the buttons leave everyone in the call in sight on %s", async (screen) => {
    const page = await open(screen, WIDE, language);
    const controls = await page.locator(".controls").boundingBox();
    const strip = await page.getByTestId("hears-strip").boundingBox();
    expect((strip?.y ?? 0) + (strip?.height ?? 0)).toBeLessThanOrEqual(controls?.y ?? 0);
    await page.context().close();
  });
});

/** Where each button of the call stands, by its name. */
const placesOf = async (page: Page): Promise<Map<string, string>> =>
  new Map(
    await page.locator(".controls [data-testid^=control-]").evaluateAll((all) =>
      all.map((each): [string, string] => {
        const { left, width } = each.getBoundingClientRect();
        return [each.dataset["testid"] ?? "", `${Math.round(left)} to ${Math.round(left + width)}`];
      }),
    ),
  );

/** Two that are never there together, and neither of which means more than the other. */
const MAY_SHARE = ["hold unhold", "consult resume", "blind-transfer transfer", "back-to-customer leave"].map((pair) =>
  pair.split(" ").map((name) => `control-${name}`),
);

describe.each(LANGUAGES)("the buttons of a call, %s", (language) => {
  it("[CO-8] [DF-6] keep their places whatever the call comes to, and ending the call has one of its own", async () => {
    const places = new Map<string, string>();
    for (const screen of ["connected", "held", "consult-answered", "conference", "dialling", "consulted-agent"]) {
      const page = await open(screen, WIDE, language);
      for (const [name, place] of await placesOf(page)) {
        expect([screen, name, places.get(name) ?? place]).toEqual([screen, name, place]);
        places.set(name, place);
      }
      await page.context().close();
    }
    for (const [name, place] of places) {
      const others = [...places].filter(([, other]) => other === place).map(([other]) => other);
      expect([[name], ...MAY_SHARE]).toContainEqual(others);
    }
  });

  it("[CO-5] are one row while the colleague is asked, beside the wrap-up", async () => {
    const page = await open("transfer-asked", WIDE, language);
    const tops = await page
      .locator(".controls [data-testid^=control-]")
      .evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().top)));
    expect(new Set(tops).size).toBe(1);
    await page.context().close();
  });

  it("[CO-5] stay where they are, like the whole call, when the question comes whether to take the customer", async () => {
    const tops = async (screen: string) => {
      const page = await open(screen, WIDE, language);
      const boxes = await Promise.all(
        [".cards", ".hears", ".controls"].map((each) => page.locator(each).boundingBox()),
      );
      await page.context().close();
      return boxes.map((box) => box?.y);
    };
    expect(await tops("transfer-question")).toEqual(await tops("consulted-agent"));
  });
});

describe("a press on a button that has just come", () => {
  it("[CO-8] does not count: neither half of a double click on what stood there before hangs up", async () => {
    const page = await open("incoming", WIDE);
    expect(await page.getByTestId("decline").getAttribute("aria-disabled")).toBe("true");
    await page.locator("[data-testid=decline][aria-disabled=false]").waitFor();
    await page.context().close();
  });
});

describe("a name of one long word", () => {
  it.each(["long-names", "incoming-long-name"])("makes nothing wide on %s", async (screen) => {
    for (const viewport of [WIDE, NARROW]) {
      const page = await gallery.look(screen, { viewport });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
      await page.context().close();
    }
  });
});

describe("between calls", () => {
  it.each(LANGUAGES)(
    "the calls of the day, the microphone's notice and every button fit their place, %s",
    async (language) => {
      for (const size of [WIDE, NARROW]) {
        for (const screen of ["available", "idle&microphone=denied", "available&list=failed", "available&embedded"]) {
          const page = await gallery.look(screen, { viewport: size, language });
          await page.locator("[data-testid=history]:not([data-list=loading])").waitFor();
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width);
          const spilt = await page
            .locator(".history-entry, .history-who h3, .history .button, .microphone-notice, .idle-buttons")
            .evaluateAll((all) =>
              all.filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className),
            );
          expect([screen, size.width, spilt]).toEqual([screen, size.width, []]);
          await page.context().close();
        }
      }
    },
  );
});

describe("the consult request", () => {
  it.each([
    ["en-GB", "en", /As of \d\d:\d\d$/],
    ["en-US", "en", /As of \d?\d:\d\d [AP]M$/],
    ["en-US", "nb", /Oppdatert \d\d:\d\d$/],
  ] as const)("says the time as %s readers of %s write it", async (locale, language, form) => {
    const page = await open("connected", WIDE, language, locale);
    await page.getByTestId("control-consult").click();
    expect(await page.locator(".list-note").textContent()).toMatch(form);
    await page.context().close();
  });

  it.each(LANGUAGES)("fits 1280 x 720 and 400 px with every kind, %s", async (language) => {
    for (const size of [WIDE, NARROW]) {
      const page = await open("connected", size, language);
      await page.getByTestId("control-consult").click();
      for (const kind of await page.locator("[data-testid^=consult-kind-]").all()) {
        await kind.click();
        await page.locator(".list-note").waitFor();
        const modal = await page
          .locator(".modal")
          .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
        expect(modal).toBe(0);
        await page.getByTestId("consult-submit").scrollIntoViewIfNeeded();
        const box = await page.getByTestId("consult-submit").boundingBox();
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(size.height);
      }
      await page.context().close();
    }
  });

  it.each([
    ["connected", "is put on hold"],
    ["held", "stays on hold"],
  ])("says what happens to a customer who is %s", async (screen, words) => {
    const page = await open(screen, WIDE);
    await page.getByTestId("control-consult").click();
    expect(await page.locator(".dialog-lead").textContent()).toContain(words);
    await page.context().close();
  });
});
