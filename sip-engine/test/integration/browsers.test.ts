import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { headerValue } from "../../src/sip/message.js";
import { Browser } from "./support/browser.js";
import { TestEngine, until } from "./support/engine.js";
import type { SrfApp, SrfDialog } from "./support/srf.js";

const SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

let engine: TestEngine;
let srf: SrfApp;

beforeEach(async () => {
  engine = await TestEngine.start();
  srf = await engine.app();
  srf.register((req, res) => {
    res.send(200, { headers: { Contact: req.get("Contact"), Expires: "600" } });
  });
  await engine.routed("register");
});
afterEach(() => engine.stop());

async function signedIn(user: string): Promise<Browser> {
  const browser = await Browser.open(engine.port("ws"), user);
  browser.request("REGISTER", `reg-${user}`, 1);
  await browser.nextResponse(200);
  return browser;
}

/** The app calls a signed-in browser, which answers. */
async function inCall(browser: Browser): Promise<{ dialog: SrfDialog; toTag: string }> {
  const calling = srf.createUAC(`sip:${browser.user}@nobody.invalid;transport=ws`, { localSdp: SDP });
  const invite = await browser.nextRequest("INVITE");
  browser.answer(invite, "180 Ringing");
  browser.answer(invite, "200 OK", "Content-Type: application/sdp");
  const dialog = await calling;
  await browser.nextRequest("ACK");
  return { dialog, toTag: headerValue(invite, "from") ?? "" };
}

describe("browsers over WebSocket", () => {
  it("C18 any Host and path will do, subprotocol sip is chosen, keep-alives are answered", async () => {
    const browser = await Browser.open(engine.port("ws"), "anna", "/sip/ws?x=1");
    expect(browser.socket.protocol).toBe("sip");
    browser.socket.send("\r\n\r\n");
    await until(() => browser.texts.includes("\r\n"), "no answer to keep-alive");
  });

  it("C18 a signed-in browser is called, modified, asked and hung up on through its connection", async () => {
    const browser = await signedIn("bert");
    const { dialog } = await inCall(browser);
    for (const method of ["INFO", "NOTIFY"]) {
      const answered = dialog.request({ method });
      browser.answer(await browser.nextRequest(method), "200 OK");
      expect((await answered).status).toBe(200);
    }
    const bye = dialog.destroy();
    browser.answer(await browser.nextRequest("BYE"), "200 OK");
    await bye;
    await engine.idle();
  });

  it("C18 a browser calls in, refers and hangs up", async () => {
    const events: string[] = [];
    srf.invite(async (req, res) => {
      const dialog = await srf.createUAS(req, res, {
        localSdp: SDP,
        headers: { Contact: "<sip:f@localhost>;isfocus" },
      });
      dialog.on("refer", (refer, answer) => {
        events.push(`refer ${refer.get("Refer-To")}`);
        answer.send(202);
      });
      dialog.on("destroy", () => events.push("destroy"));
    });
    await engine.routed("invite");
    const browser = await signedIn("cora");
    browser.request("INVITE", "call-1", 1, "Content-Type: application/sdp");
    const answer = await browser.nextResponse(200);
    expect(headerValue(answer, "contact")).toMatch(/^<sip:f@127\.0\.0\.1:\d+>;isfocus$/);
    const to = `To: ${headerValue(answer, "to")}`;
    browser.request("ACK", "call-1", 1, to);
    browser.request("REFER", "call-1", 2, to, "Refer-To: <sip:x@y?Replaces=z>");
    await browser.nextResponse(202);
    browser.request("BYE", "call-1", 3, to);
    await browser.nextResponse(200);
    await until(() => events.length === 2, "events missing");
    expect(events).toEqual(["refer <sip:x@y?Replaces=z>", "destroy"]);
    await engine.idle();
  });

  it("C18 E20 a browser that vanishes mid-call: 410 for the call, other calls go on", async () => {
    const [gone, stays] = [await signedIn("dora"), await signedIn("egon")];
    const lost = await inCall(gone);
    const kept = await inCall(stays);
    gone.socket.terminate();
    await until(() => (engine.server.dump()["connections"] as unknown[]).length === 1, "connection still there");
    const answer = await lost.dialog.request({ method: "INFO" });
    expect(answer.status).toBe(410);
    await lost.dialog.destroy();
    const info = kept.dialog.request({ method: "INFO" });
    stays.answer(await stays.nextRequest("INFO"), "200 OK");
    expect((await info).status).toBe(200);
    const bye = kept.dialog.destroy();
    stays.answer(await stays.nextRequest("BYE"), "200 OK");
    await bye;
    await engine.idle();
  });

  it("C18 E20 a browser that comes back and registers again keeps its call", async () => {
    const first = await signedIn("fred");
    const { dialog } = await inCall(first);
    first.socket.terminate();
    const second = await signedIn("fred");
    const info = dialog.request({ method: "INFO" });
    second.answer(await second.nextRequest("INFO"), "200 OK");
    expect((await info).status).toBe(200);
  });

  it("C18 a call to a browser that has closed gets 410 at once", async () => {
    const browser = await signedIn("gina");
    browser.socket.close();
    await until(() => (engine.server.dump()["connections"] as unknown[]).length === 0, "connection still there");
    const call = srf.createUAC("sip:gina@nobody.invalid;transport=ws", { localSdp: SDP });
    await expect(call).rejects.toMatchObject({ status: 410 });
  });
});
