import type { Server } from "node:http";
import { expect } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import type { LegView } from "../../src/model/leg-view.js";
import type { PhoneAccount } from "../../src/ports/phone.js";
import type { Bridge, Failure } from "../page/main.js";
import { type Engine, servePage, startEngine } from "./processes.js";
import { type Dialog, SipApp, type SrfRequest, type SrfResponse } from "./sip-app.js";

declare global {
  interface Window {
    readonly bridge: Bridge;
  }
}

/** Chromium with fake devices that needs no network but loopback. */
export const CALL_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--autoplay-policy=no-user-gesture-required",
];

/** RFC 3261 12.1.1: what makes an early dialog has a Contact; without one SIP.js drops it. */
export const CONTACT = { Contact: "<sip:focus-1@test;transport=ws>;isfocus" };

/** What the test's registrar knows the agent by. */
const account = (password: string): PhoneAccount => ({
  uri: "sip:anna@test",
  username: "anna",
  password,
  realm: "test",
  path: "/sip",
});

export const direction = (sdp: string): string | undefined => /a=(sendrecv|sendonly|recvonly|inactive)/.exec(sdp)?.[1];

/** A call from the far end, which keeps its media under `id`. */
export interface FarCall {
  readonly dialog: Dialog;
  readonly id: string;
}

/** The product's user agent in a page, the real SIP engine, a small server on it, and a far end of the media in another page. */
export class PhoneScene {
  page!: Page;
  readonly app = new SipApp();
  #calls = 0;

  private constructor(
    public engine: Engine,
    readonly browser: Browser,
    readonly url: string,
    readonly far: Page,
    private readonly server: Server,
  ) {}

  static async open(): Promise<PhoneScene> {
    const { server, url } = await servePage();
    const engine = await startEngine();
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...CALL_FLAGS] });
    const far = await browser.newPage();
    await far.goto(url);
    const scene = new PhoneScene(engine, browser, url, far, server);
    scene.app.passwords.set("anna", "secret");
    await scene.app.connect(engine.admin);
    return scene;
  }

  async close(): Promise<void> {
    this.app.close();
    await this.browser.close();
    await this.engine.stop();
    this.server.close();
  }

  /** A page of its own for each test, with Anna registered; `init` runs in it before anything else. */
  async newPage(init?: () => void, protocol: "http:" | "https:" = "http:"): Promise<void> {
    this.app.registered.clear();
    this.app.invite = (_req, res) => res.send(480);
    await this.page?.close();
    this.page = await this.browser.newPage();
    if (init) await this.page.addInitScript(init);
    await this.page.goto(this.url);
    await this.start("secret", null, protocol);
    await this.isUp();
  }

  start(password: string, fresh: string | null = null, protocol: "http:" | "https:" = "http:"): Promise<void> {
    return this.page.evaluate(([now, origin, later]) => window.bridge.agent.start(now, origin, later), [
      account(password),
      { protocol, host: `127.0.0.1:${this.engine.ws}` },
      fresh === null ? null : account(fresh),
    ] as const);
  }

  async isUp(): Promise<void> {
    await this.page.waitForFunction(() => window.bridge.agent.seen.up);
  }

  /** Runs one of the phone's methods; null, or why it was rejected. */
  run(name: Parameters<Bridge["agent"]["run"]>[0], ...args: unknown[]): Promise<Failure | null> {
    return this.page.evaluate(([method, given]) => window.bridge.agent.run(method, ...given), [name, args] as const);
  }

  legs(): Promise<readonly LegView[]> {
    return this.page.evaluate(() => window.bridge.agent.seen.legs);
  }

  async until(legCount: number, stage: LegView["stage"] = "established"): Promise<void> {
    await this.page.waitForFunction(
      ([count, wanted]) => {
        const { legs } = window.bridge.agent.seen;
        return legs.length === count && legs.every((leg) => leg.stage === wanted);
      },
      [legCount, stage] as const,
    );
  }

  /** Resolves when the page has played some sound of any call. */
  async hearsSomething(): Promise<void> {
    await this.page.waitForFunction(() => Object.values(window.bridge.played()).some((seconds) => seconds > 0.3));
  }

  /** Resolves when `packets` more have come from the page. */
  async farHears(id: string, packets = 20): Promise<void> {
    const before = await this.far.evaluate((peer) => window.bridge.peer.packetsReceived(peer), id);
    await this.far.waitForFunction(async ([peer, count]) => (await window.bridge.peer.packetsReceived(peer)) > count, [
      id,
      before + packets,
    ] as const);
  }

  /** Calls the agent from the far end; resolves when the page has answered. */
  async callAgent(headers: Record<string, string> = {}, accept = true): Promise<FarCall> {
    const id = `call-${++this.#calls}`;
    const offer = await this.far.evaluate((peer) => window.bridge.peer.offer(peer), id);
    const answered = this.app.call("anna", offer, headers);
    if (accept) {
      await this.page.waitForFunction(() => window.bridge.agent.seen.ringing !== null);
      expect(await this.run("accept")).toBeNull();
    }
    const dialog = await answered;
    await this.far.evaluate(([peer, sdp]) => window.bridge.peer.accept(peer, sdp), [id, dialog.remote.sdp] as const);
    if (accept) await this.until(1); // this call alone: the one before may have to hear its BYE yet
    return { dialog, id };
  }

  /** The far end's answer to an offer. */
  answerOf(id: string, offer: string): Promise<string> {
    return this.far.evaluate(([peer, sdp]) => window.bridge.peer.answer(peer, sdp), [id, offer] as const);
  }

  /** A consult that is answered at once, beside the call there is. */
  async consult(): Promise<Dialog> {
    const id = `consult-${++this.#calls}`;
    const dialog = new Promise<Dialog>((resolve, reject) => {
      this.app.invite = (req, res) => {
        this.answerOf(id, req.body)
          .then((body) => this.app.answer(req, res, body))
          .then(resolve, reject);
      };
    });
    expect(await this.run("invite", "bjorn")).toBeNull();
    await this.until(2);
    return dialog;
  }

  /** Answers the page's re-INVITEs: with each of these statuses in turn, then with 200 from the far end. */
  answerReinvites({ dialog, id }: FarCall, ...refusals: number[]): string[] {
    const offered: string[] = [];
    dialog.on("modify", (req: SrfRequest, res: SrfResponse) => {
      offered.push(direction(req.body) ?? "");
      const status = refusals.shift();
      if (status) return res.send(status);
      void this.answerOf(id, req.body).then((body) =>
        res.send(200, { body, headers: { "Content-Type": "application/sdp" } }),
      );
    });
    return offered;
  }
}
