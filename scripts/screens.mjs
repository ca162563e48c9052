#!/usr/bin/env node
// Pictures of every screen for the documentation: runs the product with the demo customer on ports of its own, takes
// two agents through the whole flow in Chromium, once in each language, and writes PNG files to docs/screens. A second
// start shows what only a site with another policy has. `--out folder` writes them elsewhere.
// The clone must be set up before: node scripts/setup.mjs --test
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { Desktop } from "./lib/desktop-page.mjs";
import { startProduct } from "./lib/product.mjs";
import { picturePage } from "./lib/screen-captions.mjs";
import { fail, say } from "./lib/progress.mjs";
import { inRoot } from "./lib/project.mjs";
import { ASKING_SITE, WALKS } from "./lib/screen-walks.mjs";
import { DEFAULT_PORTS } from "./lib/topology.mjs";

const PORT_OFFSET = 10_000; // beside a Legwork that is running
const SIZE = { width: 1280, height: 800 };
const LOCALES = { en: "en-GB", nb: "nb-NO" };
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
];

/** Writes one picture of a page that stands still: fonts there, animations at their end. */
function shooter(language, folder) {
  const taken = new Set();
  return async (name, { page }) => {
    if (taken.has(name)) return;
    taken.add(name);
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: path.join(folder, `${name}-${language}.png`), animations: "disabled" });
    say(`${name}-${language}.png`);
  };
}

async function take(language, walkThrough, url, folder) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  try {
    const shoot = shooter(language, folder);
    const open = async () => {
      const context = await browser.newContext({ locale: LOCALES[language], viewport: SIZE, colorScheme: "light" });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      return new Desktop(page, shoot);
    };
    await walkThrough(await open(), await open(), url);
  } finally {
    await browser.close();
  }
}

async function main() {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  const folder = path.resolve(values.out ?? inRoot("docs/screens"));
  fs.mkdirSync(folder, { recursive: true });
  // What is no screen any more goes.
  for (const name of fs.readdirSync(folder).filter((file) => file.endsWith(".png"))) fs.rmSync(path.join(folder, name));
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "legwork-screens-"));
  const ports = Object.fromEntries(
    Object.entries(DEFAULT_PORTS).map(([name, at]) => [
      name,
      Array.isArray(at) ? at.map((port) => port + PORT_OFFSET) : at + PORT_OFFSET,
    ]),
  );
  try {
    const siteFile = path.join(dataDir, "asks.json");
    fs.writeFileSync(siteFile, JSON.stringify(ASKING_SITE));
    for (const language of Object.keys(LOCALES)) {
      for (const [name, walkThrough] of Object.entries(WALKS)) {
        const place = { dataDir: path.join(dataDir, language, name), ports, ...(name === "ask" && { siteFile }) };
        const product = await startProduct({ ...place, demo: true, demoLanguage: language });
        try {
          await take(language, walkThrough, product.urls.page, folder);
        } finally {
          await product.stop();
        }
      }
    }
    const english = fs.readdirSync(folder).filter((file) => file.endsWith("-en.png"));
    fs.writeFileSync(
      path.join(folder, "README.md"),
      picturePage(english.map((file) => file.slice(0, -"-en.png".length))),
    );
  } finally {
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

main().catch(fail);
