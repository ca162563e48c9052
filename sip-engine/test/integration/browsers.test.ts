import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { WsPeer } from "../support/peer.js";
import { SDP } from "../support/sip.js";
import { TestEngine, until } from "../support/engine.js";
import type { SrfApp, SrfDialog } from "../support/srf.js";

const OFFER = { headers: ["Content-Type: application/sdp"], body: SDP };

let engine: TestEngine;
let srf: SrfApp;
let browsers: WsPeer[];

beforeEach(async () => {
  browsers = [];
  engine = await TestEngine.start();
  srf = await engine.app();
  srf.register((req, res) => {
    res.send(200, { headers: { Contact: req.get("Contact"), Expires: "600" } });
  });
  await engine.routed("register");
});
afterEach(async () => {
  for (const browser of browsers) browser.close();
  await engine.stop();
});

const connections = (): number => (engine.server.dump()["connections"] as unknown[]).length;

/** @param contact instead of the browser's own: the one it had on an earlier connection */
async function signedIn(contact?: string): Promise<WsPeer> {
  const browser = await WsPeer.open(engine.port("ws"));
  browsers.push(browser);
  browser.request("REGISTER", { contact: `${contact ?? browser.contact};expires=600` });
  await browser.next("200 REGISTER");
  return browser;
}

/** The app calls a signed-in browser, which answers. */
async function inCall(browser: WsPeer): Promise<SrfDialog> {
  const calling = srf.createUAC(browser.contact.slice(1, -1), { localSdp: SDP });
  const invite = await browser.next("INVITE");
  browser.respond(invite, "180 Ringing");
  browser.respond(invite, "200 OK", OFFER);
  const dialog = await calling;
  await browser.next("ACK");
  return dialog;
}

/** The app sends a request in the dialog and the browser says 200. */
async function answered(dialog: SrfDialog, browser: WsPeer, method: string): Promise<number> {
  const response = dialog.request({ method });
  browser.respond(await browser.next(method), "200 OK");
  return (await response).status;
}

async function hungUp(dialog: SrfDialog, browser: WsPeer): Promise<void> {
  const bye = dialog.destroy();
  browser.respond(await browser.next("BYE"), "200 OK");
  await bye;
}

describe("browsers over WebSocket", () => {
  it("C18 any Host and path will do, subprotocol sip is chosen, keep-alives are answered", async () => {
    const browser = await signedIn();
    expect(browser.socket.protocol).toBe("sip");
    browser.socket.send("\r\n\r\n");
    await until(() => browser.texts.includes("\r\n"), "no answer to keep-alive");
  });

  it("C18 a signed-in browser is called, modified, asked and hung up on through its connection", async () => {
    const browser = await signedIn();
    const dialog = await inCall(browser);
    for (const method of ["INFO", "NOTIFY"]) expect(await answered(dialog, browser, method)).toBe(200);
    await hungUp(dialog, browser);
    await engine.idle();
  });

  it("C18 a browser calls in, refers and hangs up", async () => {
    const events: string[] = [];
    srf.invite(async (req, res) => {
      const headers = { Contact: "<sip:f@localhost>;isfocus" };
      const dialog = await srf.createUAS(req, res, { localSdp: SDP, headers });
      dialog.on("refer", (refer, answer) => {
        events.push(`refer ${refer.get("Refer-To")}`);
        answer.send(202);
      });
      dialog.on("destroy", () => events.push("destroy"));
    });
    await engine.routed("invite");
    const browser = await signedIn();
    const invite = browser.request("INVITE", OFFER);
    const answer = await browser.next("200 INVITE");
    expect(answer.header("Contact")).toBe(`<sip:f@127.0.0.1:${engine.port("ws")}>;isfocus`);
    const dialog = { callId: invite.header("Call-ID"), fromTag: invite.tag("From"), toTag: answer.tag("To") };
    browser.request("ACK", dialog);
    browser.request("REFER", { ...dialog, cseq: 2, headers: ["Refer-To: <sip:x@y?Replaces=z>"] });
    await browser.next("202 REFER");
    browser.request("BYE", { ...dialog, cseq: 3 });
    await browser.next("200 BYE");
    await until(() => events.length === 2, "events missing");
    expect(events).toEqual(["refer <sip:x@y?Replaces=z>", "destroy"]);
    await engine.idle();
  });

  it("C18 E20 a browser that vanishes mid-call: 410 for the call, other calls go on", async () => {
    const [gone, stays] = [await signedIn(), await signedIn()];
    const [lost, kept] = [await inCall(gone), await inCall(stays)];
    gone.close();
    await until(() => connections() === 1, "connection still there");
    expect((await lost.request({ method: "INFO" })).status).toBe(410);
    await lost.destroy();
    expect(await answered(kept, stays, "INFO")).toBe(200);
    await hungUp(kept, stays);
    await engine.idle();
  });

  it("C18 E20 a browser that comes back and registers again keeps its call", async () => {
    const first = await signedIn();
    const dialog = await inCall(first);
    first.close();
    const second = await signedIn(first.contact);
    expect(await answered(dialog, second, "INFO")).toBe(200);
  });

  it("C18 a call to a browser that has closed gets 410 at once", async () => {
    const browser = await signedIn();
    browser.close();
    await until(() => connections() === 0, "connection still there");
    const call = srf.createUAC(browser.contact.slice(1, -1), { localSdp: SDP });
    await expect(call).rejects.toMatchObject({ status: 410 });
  });
});
