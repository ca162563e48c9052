import type { Server } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Bridge } from "../page/main.js";
import { account, CALL_FLAGS } from "../support/chromium.js";
import { type Engine, servePage, startEngine } from "../support/processes.js";
import { type Dialog, SipApp, type SrfRequest, type SrfResponse } from "../support/sip-app.js";

jest.setTimeout(60_000);

// RFC 3261 12.1.1: what makes an early dialog has a Contact; without one SIP.js drops it.
const CONTACT = { Contact: "<sip:focus-1@test;transport=ws>;isfocus" };

let engine: Engine;
let server: Server;
let browser: Browser;
let page: Page; // the agent's
let far: Page; // the other end of the media
let url: string;
const app = new SipApp();
let calls = 0;

beforeAll(async () => {
  ({ server, url } = await servePage());
  engine = await startEngine();
  await app.connect(engine.admin);
  app.passwords.set("anna", "secret");
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: CALL_FLAGS });
  far = await browser.newPage();
  await far.goto(url);
});

afterAll(async () => {
  app.close();
  await browser?.close();
  await engine?.stop();
  server?.close();
});

beforeEach(async () => {
  app.registered.clear();
  app.invite = (_req, res) => res.send(480);
  await page?.close();
  page = await browser.newPage();
  await page.goto(url);
  await start("secret");
  await page.waitForFunction(() => window.bridge.agent.seen.up);
});

const start = (password: string, fresh: string | null = null) =>
  page.evaluate(([now, host, later]) => window.bridge.agent.start(now, host, later), [
    account(password),
    `127.0.0.1:${engine.ws}`,
    fresh === null ? null : account(fresh),
  ] as const);
const run = (name: Parameters<Bridge["agent"]["run"]>[0], ...args: unknown[]) =>
  page.evaluate(([method, given]) => window.bridge.agent.run(method, ...given), [name, args] as const);
const legs = () => page.evaluate(() => window.bridge.agent.seen.legs);
const until = (legCount: number, stage: string) =>
  page.waitForFunction(
    ([count, wanted]) => {
      const { legs: now } = window.bridge.agent.seen;
      return now.length === count && now.every((leg) => leg.stage === wanted);
    },
    [legCount, stage] as const,
  );

/** Calls the agent from the far end; resolves when the page has answered. */
async function callAgent(headers: Record<string, string> = {}, accept = true): Promise<{ dialog: Dialog; id: string }> {
  const id = `call-${++calls}`;
  const offer = await far.evaluate((peerId) => window.bridge.peer.offer(peerId), id);
  const answered = app.call("anna", offer, headers);
  if (accept) {
    await page.waitForFunction(() => window.bridge.agent.seen.ringing !== null);
    expect(await run("accept")).toBeNull();
  }
  const dialog = await answered;
  const sdp = dialog.remote.sdp;
  await far.evaluate(([peerId, answer]) => window.bridge.peer.accept(peerId, answer), [id, sdp] as const);
  if (accept) await until(1, "established"); // this call alone: the one before may have to hear its BYE yet
  return { dialog, id };
}

const direction = (sdp: string) => /a=(sendrecv|sendonly|recvonly|inactive)/.exec(sdp)?.[1];

/** Answers the page's re-INVITEs: with each of these statuses in turn, then with 200 from the far end. */
function answerReinvites(dialog: Dialog, id: string, ...refusals: number[]): string[] {
  const offered: string[] = [];
  dialog.on("modify", (req: SrfRequest, res: SrfResponse) => {
    offered.push(direction(req.body) ?? "");
    const status = refusals.shift();
    if (status) return res.send(status);
    void far
      .evaluate(([peerId, sdp]) => window.bridge.peer.answer(peerId, sdp), [id, req.body] as const)
      .then((body) => res.send(200, { body, headers: { "Content-Type": "application/sdp" } }));
  });
  return offered;
}

describe("the browser's phone on the real SIP engine", () => {
  it("[SG-1] registers with digest", () => {
    expect(app.registered.get("anna")).toMatch(/^sip:.*;transport=ws$/);
  });

  it("closes without a word about its calls: they go on elsewhere", async () => {
    const { dialog } = await callAgent();
    const said: string[] = [];
    dialog.on("destroy", () => said.push("BYE"));
    expect(await run("close")).toBeNull();
    expect(await legs()).toEqual([]);
    expect(await page.locator("audio").count()).toBe(0);
    expect(said).toEqual([]);
    expect(app.registered.has("anna")).toBe(true);
  });

  it("[SG-1] asks for fresh credentials when the registrar refuses the old ones", async () => {
    await run("close");
    app.registered.clear();
    await start("expired", "secret");
    await page.waitForFunction(() => window.bridge.agent.seen.up && window.bridge.agent.seen.accountsAsked > 0);
    expect(app.registered.has("anna")).toBe(true);
  });

  it("[SG-1] takes a call with sound in both directions, and ends it with BYE", async () => {
    const { dialog, id } = await callAgent();
    await page.waitForFunction(() => Object.values(window.bridge.played()).some((seconds) => seconds > 0.3));
    await far.waitForFunction(async (peerId) => (await window.bridge.peer.packetsReceived(peerId)) > 20, id);
    const [leg] = await legs();
    expect(leg).toMatchObject({ origin: "incoming", stage: "established", held: false, callId: dialog.sip.callId });
    const over = new Promise((resolve) => dialog.on("destroy", resolve));
    expect(await run("hangUp", leg?.callId)).toBeNull();
    await over;
    expect(await legs()).toEqual([]);
  });

  it("measures a call while it lasts, and stops with it", async () => {
    const { dialog } = await callAgent();
    const measured = await page.waitForFunction(() => window.bridge.agent.seen.qualities[0]);
    const quality = await measured.jsonValue();
    expect(quality).toMatchObject({ codec: "opus" });
    expect(quality?.score).toBeGreaterThan(1);
    await dialog.destroy();
    await page.waitForFunction(() => window.bridge.agent.seen.qualities.length === 0);
  });

  it("[SG-1] declines with 603", async () => {
    const offer = await far.evaluate(() => window.bridge.peer.offer("declined"));
    const refused = app.call("anna", offer).catch((error: { status: number }) => error.status);
    await page.waitForFunction(() => window.bridge.agent.seen.ringing?.from === "Ingrid");
    await run("decline");
    expect(await refused).toBe(603);
  });

  it("[SE-1] answers by itself when the server asks for it", async () => {
    await callAgent({ "Alert-Info": "<http://127.0.0.1>;info=alert-autoanswer" }, false);
    await until(1, "established");
    expect(await page.evaluate(() => window.bridge.agent.seen.ringing)).toBeNull();
  });

  it("[HO-1] holds and un-holds; glare is tried again", async () => {
    const { dialog, id } = await callAgent();
    const offered = answerReinvites(dialog, id, 491);
    const [leg] = await legs();
    expect(await run("setHold", leg?.callId, true)).toBeNull();
    expect(await legs()).toMatchObject([{ held: true }]);
    expect(await run("setHold", leg?.callId, false)).toBeNull();
    expect(offered).toEqual(["sendonly", "sendonly", "sendrecv"]);
    expect(await legs()).toMatchObject([{ held: false }]);
    await dialog.destroy();
  });

  it("[HO-3] is not held when the hold was refused, and the next request works", async () => {
    const { dialog, id } = await callAgent();
    const offered = answerReinvites(dialog, id, 503);
    const [leg] = await legs();
    expect(await run("setHold", leg?.callId, true)).toBe("hold-failed");
    expect(await legs()).toMatchObject([{ held: false }]);
    expect(await run("setHold", leg?.callId, true)).toBeNull();
    expect(offered).toEqual(["sendonly", "sendonly"]);
    await dialog.destroy();
  });

  it("[SG-4] sends requests that were asked for at once one after the other", async () => {
    const { dialog, id } = await callAgent();
    const offered = answerReinvites(dialog, id);
    const [leg] = await legs();
    const wanted = [true, false, true].map((hold) => run("setHold", leg?.callId, hold));
    expect(await Promise.all(wanted)).toEqual([null, null, null]);
    expect(offered).toEqual(["sendonly", "sendrecv", "sendonly"]);
    expect(await legs()).toMatchObject([{ held: true }]);
    await dialog.destroy();
  });

  it("[SG-1] hears early media of a consult, then is connected", async () => {
    let answer: (() => Promise<Dialog>) | undefined;
    app.invite = (req, res) => {
      void far
        .evaluate(([sdp]) => window.bridge.peer.answer("consult", sdp), [req.body] as const)
        .then((body) => {
          res.send(183, { body, headers: { ...CONTACT, "Content-Type": "application/sdp" } });
          answer = () => app.answer(req, res, body);
        });
    };
    expect(await run("invite", "bjorn")).toBeNull();
    await page.waitForFunction(() => Object.values(window.bridge.played()).some((seconds) => seconds > 0.3));
    expect(await legs()).toMatchObject([{ origin: "outgoing", stage: "ringing" }]);
    const dialog = await answer?.();
    await until(1, "established");
    await dialog?.destroy();
  });

  it.each([
    [603, "target-not-reachable"],
    [403, "not-owner"],
    [503, "unavailable"],
  ])("[CO-9] a consult refused with %i leaves no leg behind", async (status, code) => {
    app.invite = (_req, res) => res.send(status);
    expect(await run("invite", "bjorn")).toBe(code);
    expect(await legs()).toEqual([]);
  });

  it("[CO-8] cancels a consult that rings", async () => {
    const cancelled = new Promise<void>((resolve) => {
      app.invite = (req, res) => {
        req.on("cancel", resolve);
        res.send(180, { headers: CONTACT });
      };
    });
    expect(await run("invite", "bjorn")).toBeNull();
    const [leg] = await legs();
    expect(await run("hangUp", leg?.callId)).toBeNull();
    await cancelled;
    await page.waitForFunction(() => window.bridge.agent.seen.legs.length === 0);
  });

  it("[SG-3] transfers with a Replaces that names the other dialog, settled by the final NOTIFY", async () => {
    const { dialog, id } = await callAgent();
    const consult = await consulted();
    const [customer, other] = await legs();
    const statuses = [503, 200];
    const referTos: string[] = [];
    dialog.on("refer", (req: SrfRequest, res: SrfResponse) => {
      referTos.push(req.get("Refer-To"));
      res.send(202);
      void notify(dialog, 100).then(() => notify(dialog, statuses.shift() ?? 200));
    });
    answerReinvites(dialog, id);
    expect(await run("referReplacing", customer?.callId, other?.callId)).toBe("unavailable");
    expect(await run("referReplacing", customer?.callId, other?.callId)).toBeNull();
    const { callId, localTag, remoteTag } = consult.sip;
    const replaces = encodeURIComponent(`${callId};to-tag=${localTag};from-tag=${remoteTag}`);
    expect(referTos[1]).toMatch(/^<sip:[^?>]+\?Replaces=[^>]+>$/);
    expect(referTos[1]).toContain(`Replaces=${replaces}>`);
    await Promise.all([dialog.destroy(), consult.destroy()]);
  });

  it("[SG-1] asks the focus with a REFER without Replaces", async () => {
    const { dialog } = await callAgent();
    const [leg] = await legs();
    const referTo = new Promise<string>((resolve) =>
      dialog.on("refer", (req: SrfRequest, res: SrfResponse) => {
        resolve(req.get("Refer-To"));
        res.send(202);
        void notify(dialog, 200);
      }),
    );
    expect(await run("referToFocus", leg?.callId, "sip:focus-1@test")).toBeNull();
    expect(await referTo).toBe("<sip:focus-1@test>");
    await dialog.destroy();
  });

  it("[CO-11] says whose call it is when the server refuses the REFER", async () => {
    const { dialog } = await callAgent();
    const [leg] = await legs();
    dialog.on("refer", (_req: SrfRequest, res: SrfResponse) =>
      res.send(403, { headers: { Warning: '399 test "not-owner: only the owner may"' } }),
    );
    expect(await run("referToFocus", leg?.callId, "sip:focus-1@test")).toBe("not-owner");
    await dialog.destroy();
  });

  it("follows nobody's REFER", async () => {
    const { dialog } = await callAgent();
    const answer = await dialog.request({ method: "REFER", headers: { "Refer-To": "<sip:elsewhere@test>" } });
    expect(answer.status).toBe(603);
    expect(await legs()).toHaveLength(1);
    await dialog.destroy();
  });

  it("[MX-4] sends keypad digits on a leg that takes them", async () => {
    const { dialog } = await callAgent();
    const [leg] = await legs();
    await page.waitForFunction(() => Object.values(window.bridge.played()).some((seconds) => seconds > 0));
    expect(await run("sendDigits", leg?.callId, "12#")).toBeNull();
    await dialog.destroy();
  });

  it("[SE-1] comes back after the connection was lost, and drops what the server no longer knows", async () => {
    await callAgent();
    const ports = [engine.ws, engine.admin] as const;
    await engine.stop();
    await page.waitForFunction(() => !window.bridge.agent.seen.up);
    app.registered.clear();
    engine = await startEngine(...ports);
    await page.waitForFunction(() => window.bridge.agent.seen.up);
    expect(app.registered.has("anna")).toBe(true);
    expect(await legs()).toHaveLength(1);
    await run("keepOnly", []);
    await page.waitForFunction(() => window.bridge.agent.seen.legs.length === 0);
    await callAgent();
    expect(await legs()).toHaveLength(1);
  });
});

async function consulted(): Promise<Dialog> {
  const id = `consult-${++calls}`;
  const dialog = new Promise<Dialog>((resolve, reject) => {
    app.invite = (req, res) => {
      far
        .evaluate(([peerId, sdp]) => window.bridge.peer.answer(peerId, sdp), [id, req.body] as const)
        .then((body) => app.answer(req, res, body))
        .then(resolve, reject);
    };
  });
  expect(await run("invite", "bjorn")).toBeNull();
  await until(2, "established");
  return dialog;
}

const notify = (dialog: Dialog, status: number) =>
  dialog.request({
    method: "NOTIFY",
    headers: {
      Event: "refer",
      "Subscription-State": status === 100 ? "active;expires=60" : "terminated;reason=noresource",
      "Content-Type": "message/sipfrag;version=2.0",
    },
    body: `SIP/2.0 ${status} Whatever\r\n`,
  });
