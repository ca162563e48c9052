import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { GalleryScene } from "../support/gallery-scene.js";

jest.setTimeout(60_000);

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SCREENS = [
  "sign-in",
  "sign-in-ended",
  "other-tab",
  "sign-in&embedded",
  "available",
  "available&list=empty",
  "available&list=failed",
  "available&list=loading",
  "available&embedded",
  "idle&microphone=denied",
  "idle&microphone=prompt",
  "rona",
  "incoming-consult",
  "connected",
  "held",
  "consult-queued",
  "consult-ringing",
  "consult-answered",
  "consult-expert",
  "conference",
  "dialling",
  "internal",
  "blind-transferring",
  "transfer-asked",
  "transfer-question-and-wrap-up",
  "consulted-agent",
  "consulted-on-hold",
  "wrap-up-and-call",
  "connection-lost",
  "opening-lost",
  "transfer-question",
  "wrap-up-soon-over",
];
/** Screens that are opened from another one. */
const OPENED: readonly (readonly [screen: string, ...buttons: string[]])[] = [
  ["connected", "control-consult"],
  ["connected", "control-consult", "consult-kind-queue"],
  ["connected", "control-consult", "consult-kind-entry-point"],
  ["connected&list=failed", "control-consult", "consult-kind-queue"],
  ["connected&list=empty", "control-consult", "consult-kind-entry-point"],
  ["connected", "control-consult", "consult-kind-number"],
  ["connected&list=failed", "control-consult", "consult-kind-number"],
  ["connected", "control-consult", "consult-kind-expert"],
  ["connected", "control-blind-transfer"],
  ["available", "place-call"],
  ["connected", "control-dtmf"],
  ["available", "agent-state"],
  ["available", "shortcut-help"],
  ["connected", "sound-settings"],
  ["poor-connection", "quality-customer"],
  ["consulted-agent", "quality-customer"],
  ["connected&embedded", "control-consult"],
  ["available&microphone=denied", "sound-settings"],
];

let gallery: GalleryScene;

beforeAll(async () => {
  gallery = await GalleryScene.open();
});

afterAll(() => gallery?.close());

const open = (screen: string, colorScheme: "light" | "dark"): Promise<Page> =>
  gallery.look(`${screen}&notice=1`, { colorScheme });

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const results = await page.evaluate((values): Promise<AxeResults> => {
    const { axe } = window as unknown as { axe: { run(node: Node, options: object): Promise<AxeResults> } };
    return axe.run(document, { runOnly: { type: "tag", values } });
  }, RULES);
  await page.context().close();
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

describe.each(["light", "dark"] as const)("WCAG 2.2 AA as far as a program can tell, %s", (scheme) => {
  it.each(SCREENS)("%s", async (screen) => {
    expect(await violations(await open(screen, scheme))).toEqual([]);
  });

  it.each(OPENED.map((steps) => ({ steps, title: steps.join(", ") })))("$title opened", async ({ steps }) => {
    const [screen, ...buttons] = steps;
    const page = await open(screen, scheme);
    for (const button of buttons) await page.getByTestId(button).click();
    await page.locator("[role=dialog], [role=menu]").last().waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
