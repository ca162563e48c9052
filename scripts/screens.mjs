#!/usr/bin/env node
// Pictures of every screen for the documentation: runs the product with the demo customer on ports of its own, takes
// two agents through the whole flow in Chromium, once in each language, and writes PNG files to docs/screens.
// `--all --out folder` writes every screen in both languages.
// The clone must be set up before: node scripts/setup.mjs --test
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { startProduct } from "./lib/product.mjs";
import { fail, say } from "./lib/progress.mjs";
import { inRoot } from "./lib/project.mjs";
import { DEFAULT_PORTS } from "./lib/topology.mjs";

const PORT_OFFSET = 10_000; // beside a Legwork that is running
const SIZE = { width: 1280, height: 800 };
const LOCALES = { en: "en-GB", nb: "nb-NO" };
/** What is kept without `--all`: enough for the documentation, and no more. */
const KEPT = {
  en: [
    ...["sign-in", "idle", "state-menu", "available", "incoming", "connected", "keypad", "held", "consult-request"],
    ...[
      "consult-queues",
      "consult-ringing",
      "consult-incoming",
      "consulting",
      "consulted",
      "resumed",
      "resumed-dark",
      "conference",
    ],
    "wrap-up",
  ],
  nb: ["consult-request", "consult-queues", "consulting", "conference", "wrap-up"],
};
const TALK_MS = 4000; // so that the timers in the pictures have something to show
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
];

/** An agent's page and the things a script does on it. */
class Desktop {
  constructor(page, shoot) {
    this.page = page;
    this.shoot = shoot;
  }

  at(testId) {
    return this.page.getByTestId(testId);
  }

  press(testId) {
    return this.at(testId).click();
  }

  /** Waits until the call is in this phase and the button can be pressed. */
  async isIn(phase, control) {
    await this.page.locator(`[data-testid=phase][data-phase=${phase}]`).waitFor();
    if (!control) return;
    const enabled = ":not(:disabled):not([aria-disabled=true])";
    await this.page.locator(`[data-testid=control-${control}]${enabled}`).waitFor();
  }

  async signIn(url, agent) {
    await this.page.goto(url);
    await this.at("sign-in-agent").fill(agent);
    await this.at("sign-in-password").fill(`legwork-${agent}`);
    await this.shoot("sign-in", this);
    await this.press("sign-in-submit");
    await this.page.locator("[data-testid=station][data-registered=true]").waitFor();
  }

  async consult(colleague, { shoot = false } = {}) {
    await this.press("control-consult");
    await this.press(`consult-agent-${colleague}`);
    if (shoot) await this.shoot("consult-request", this);
    if (shoot) await this.showQueues(colleague);
    await this.press("consult-submit");
  }

  /** The queues of the consult request, then back to the colleague. */
  async showQueues(colleague) {
    await this.press("consult-kind-queue");
    await this.page.locator("[data-testid^=consult-queue-]").first().waitFor();
    await this.shoot("consult-queues", this);
    await this.press("consult-kind-agent");
    await this.press(`consult-agent-${colleague}`);
  }

  /** Waits until the server lets the owner talk with the customer and the page may switch back. */
  async talksWithCustomer() {
    await this.page.waitForFunction(async () => {
      const answer = await fetch("/api/desktop");
      return (await answer.json()).interaction?.consult?.active === "customer";
    });
    await this.isIn("consulting", "resume");
  }

  async wrapUp() {
    await this.press("wrap-up-reason-resolved");
    await this.press("wrap-up-submit");
    await this.at("wrap-up-dialog").waitFor({ state: "detached" });
  }
}

/** The whole flow: Kari takes the call, consults Ola, confers, leaves the customer to him. */
async function walk(kari, ola, url) {
  const shot = (name, desktop = kari) => desktop.shoot(name, desktop);
  await kari.signIn(url, "kari");
  await ola.signIn(url, "ola");
  await shot("idle");
  await kari.press("agent-state");
  await kari.at("state-available").waitFor();
  await shot("state-menu");
  await kari.press("state-available");
  await kari.at("demo-call").waitFor();
  await shot("available");

  await kari.press("demo-call");
  await kari.at("accept").waitFor();
  await shot("incoming");
  await kari.press("accept");
  await kari.isIn("connected", "consult");
  await delay(TALK_MS);
  await shot("connected");
  await kari.press("control-dtmf");
  await kari.press("key-4");
  await kari.press("key-2");
  await shot("keypad");
  await kari.page.keyboard.press("Escape");
  await kari.press("control-hold");
  await kari.isIn("held", "unhold");
  await shot("held");

  await kari.consult("ola", { shoot: true });
  await ola.at("accept").waitFor();
  await kari.isIn("consulting");
  await shot("consult-ringing");
  await shot("consult-incoming", ola);
  await ola.press("accept");
  await kari.isIn("consulting", "resume");
  await delay(TALK_MS);
  await shot("consulting");
  await shot("consulted", ola);
  await kari.press("control-resume");
  await kari.talksWithCustomer();
  await delay(TALK_MS);
  await shot("resumed");
  await shot("consulted-on-hold", ola);
  await kari.page.emulateMedia({ colorScheme: "dark" });
  await shot("resumed-dark");
  await kari.page.emulateMedia({ colorScheme: "light" });
  await kari.press("control-conference");
  await Promise.all([kari.isIn("conference", "leave"), ola.isIn("conference", "leave")]);
  await delay(TALK_MS);
  await shot("conference");

  await kari.press("control-leave");
  await kari.at("wrap-up-dialog").waitFor();
  await shot("wrap-up");
  await ola.isIn("connected", "consult");
  await shot("new-owner", ola);
  await kari.wrapUp();
  await ola.press("control-end");
  await ola.at("wrap-up-dialog").waitFor();
  await ola.wrapUp();
}

/** Writes one picture of a page that stands still: fonts there, animations at their end. */
function shooter(language, folder, all) {
  const taken = new Set();
  return async (name, { page }) => {
    if (taken.has(name) || !(all || KEPT[language].includes(name))) return;
    taken.add(name);
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: path.join(folder, `${name}-${language}.png`), animations: "disabled" });
    say(`${name}-${language}.png`);
  };
}

async function take(language, url, { folder, all }) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  try {
    const shoot = shooter(language, folder, all);
    const open = async () => {
      const context = await browser.newContext({ locale: LOCALES[language], viewport: SIZE, colorScheme: "light" });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      return new Desktop(page, shoot);
    };
    await walk(await open(), await open(), url);
  } finally {
    await browser.close();
  }
}

async function main() {
  const { values } = parseArgs({ options: { out: { type: "string" }, all: { type: "boolean", default: false } } });
  const folder = path.resolve(values.out ?? inRoot("docs/screens"));
  fs.mkdirSync(folder, { recursive: true });
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "legwork-screens-"));
  const ports = Object.fromEntries(
    Object.entries(DEFAULT_PORTS).map(([name, at]) => [
      name,
      Array.isArray(at) ? at.map((port) => port + PORT_OFFSET) : at + PORT_OFFSET,
    ]),
  );
  try {
    for (const language of Object.keys(LOCALES)) {
      const options = { dataDir: path.join(dataDir, language), ports, demo: true, demoLanguage: language };
      const product = await startProduct(options);
      try {
        await take(language, product.urls.page, { folder, all: values.all });
      } finally {
        await product.stop();
      }
    }
  } finally {
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

main().catch(fail);
