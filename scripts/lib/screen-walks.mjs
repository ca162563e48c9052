// The ways through the desktop on which its pictures are taken: each step waits for what the page shows.
import { setTimeout as delay } from "node:timers/promises";

const TALK_MS = 4000; // so that the timers in the pictures have something to show

const PEOPLE = [
  { id: "kari", name: "Kari Moen", password: "legwork-kari" },
  { id: "ola", name: "Ola Hansen", password: "legwork-ola" },
];

/** A site that has transfers accepted; the rest as in the demo site. */
export const ASKING_SITE = {
  domain: "legwork.local",
  country: "NO",
  policy: { "wrap-up.default": "resolved", "transfer.accept": "ask" },
  agents: PEOPLE,
  queues: [{ id: "support", name: "Support", agents: PEOPLE.map(({ id }) => id) }],
  entryPoints: [{ id: "support-line", name: "Support line", number: "+4780010001", queue: "support" }],
  wrapUpReasons: [
    { id: "resolved", label: "Resolved", labelNb: "Løst" },
    { id: "follow-up", label: "Follow-up needed", labelNb: "Trenger oppfølging" },
    { id: "transferred", label: "Handed over", labelNb: "Overført" },
  ],
  idleReasons: [{ id: "break", label: "Break", labelNb: "Pause" }],
  trunks: [],
};

/** The whole flow: Kari takes the call, consults Ola, confers, leaves the customer to him. */
async function walk(kari, ola, url) {
  const shot = (name, desktop = kari) => desktop.shoot(name, desktop);
  await kari.signIn(url, "kari");
  await ola.signIn(url, "ola");
  await kari.page.context().grantPermissions([]); // all others are then denied
  await kari.at("microphone-notice").waitFor();
  await shot("microphone");
  for (const { page } of [kari, ola]) await page.context().grantPermissions(["microphone"]);
  for (const each of [kari, ola]) await each.at("microphone-notice").waitFor({ state: "detached" });
  await shot("idle");
  await kari.openAndShoot("sound-settings", "sound-dialog");
  await kari.openAndShoot("shortcut-help", "shortcut-dialog");
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
  await kari.press("quality-customer");
  await kari.page.locator(".quality-figures").waitFor();
  await shot("quality");
  await kari.page.keyboard.press("Escape");
  await kari.press("control-dtmf");
  await kari.press("key-4");
  await kari.press("key-2");
  await shot("keypad");
  await kari.page.keyboard.press("Escape");
  await kari.press("control-hold");
  await kari.isIn("held", "unhold");
  await shot("held");

  await kari.showNumberAndExperts();
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
  await outside(kari, ola);
  await around(kari, ola, url);
}

/** Between calls, in two tabs, and in a page of somebody else. */
async function around(kari, ola, url) {
  await kari.at("history-entry").nth(2).waitFor();
  await kari.shoot("history", kari);
  await kari.page.emulateMedia({ colorScheme: "dark" });
  await kari.shoot("history-dark", kari);
  await kari.page.emulateMedia({ colorScheme: "light" });

  const second = await kari.page.context().newPage();
  await second.goto(url);
  await kari.at("tab-inactive").waitFor();
  await kari.shoot("other-tab", kari);
  await second.close();
  await kari.press("tab-continue");
  await kari.at("go-available").or(kari.at("place-call")).first().waitFor();

  const elsewhere = await kari.page.context().browser().newPage();
  await elsewhere.goto(url);
  await elsewhere.getByTestId("sign-in-agent").fill("ola");
  await elsewhere.getByTestId("sign-in-password").fill("legwork-ola");
  await elsewhere.getByTestId("sign-in-submit").click();
  await elsewhere.getByTestId("sign-in-take-over").click();
  await ola.at("sign-in-ended").waitFor();
  await ola.shoot("signed-out", ola);
  await elsewhere.close();

  await kari.page.goto(new URL("/example/", url).href);
  await kari.at("demo-call").click();
  await kari.at("host-accept").and(kari.page.locator(":enabled")).click();
  await kari.isIn("connected", "hold");
  await delay(TALK_MS);
  await kari.at("host-hold").click();
  await kari.isIn("held", "unhold");
  await kari.shoot("example", kari);
}

/** Calls to numbers, which the demo customer answers, and a blind transfer. */
async function outside(kari, ola) {
  const shot = (name, desktop = kari) => desktop.shoot(name, desktop);
  await ola.goTo("idle-break");
  await kari.press("place-call");
  await kari.chooseNumber("call");
  await kari.isIn("dialling", "end");
  await shot("dialling");
  await kari.isIn("connected", "end");
  await kari.press("control-end");
  await kari.wrapUp();

  await kari.press("demo-call");
  await kari.press("accept");
  await kari.isIn("connected", "consult");
  await kari.press("control-consult");
  await kari.chooseNumber();
  await kari.isIn("consulting", "resume");
  await shot("consult-outside");
  await kari.press("control-back-to-customer");
  await kari.isIn("connected", "blind-transfer");
  await ola.goTo("available");
  await kari.press("control-blind-transfer");
  await kari.press("consult-agent-ola");
  await shot("blind-transfer");
  await kari.press("consult-submit");
  await ola.at("accept").waitFor();
  await kari.isIn("transferring");
  await shot("blind-transferring");
  await shot("incoming-transfer", ola);
  await ola.press("accept");
  await ola.isIn("connected", "end");
  await kari.wrapUp();
  await ola.press("control-end");
  await ola.wrapUp();
}

/** A site whose transfers are asked about. */
async function ask(kari, ola, url) {
  await kari.signIn(url, "kari");
  await ola.signIn(url, "ola");
  await kari.goTo("available");
  await kari.press("demo-call");
  await kari.press("accept");
  await kari.isIn("connected", "consult");
  await kari.consult("ola");
  await ola.press("accept");
  await kari.isIn("consulting", "transfer");
  await delay(TALK_MS);
  await kari.press("control-transfer");
  await ola.at("transfer-question").waitFor();
  await kari.at("wrap-up-dialog").waitFor();
  await kari.shoot("transfer-asked", kari);
  await ola.shoot("transfer-question", ola);
  await ola.press("control-accept-transfer");
  await ola.isIn("connected", "end");
  await kari.wrapUp();
  await ola.press("control-end");
  await ola.wrapUp();
}

/** A walk for each start of the product. */
export const WALKS = { demo: walk, ask };
