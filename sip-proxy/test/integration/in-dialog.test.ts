// What a telephone sends inside a call and is not the usual: extensions we do not know, holds by an answer, keys as INFO, several REFERs.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { header, sdp, statusOf, type Ask, type SipText } from "../support/sip-peer.js";
import { EVA, FINN, inDialog, SipSide, type Phone } from "../support/sip-side.js";

jest.setTimeout(60_000);

let side: SipSide;
let eva: Phone;
let invite: SipText;
let cseq = 0;

beforeAll(async () => {
  side = await SipSide.start();
  eva = await side.phone(EVA, "eva");
  ({ invite } = await side.call(eva));
}, 120_000);
afterAll(() => side.stop());

const ask = (method: string, more: Ask = {}): Promise<SipText> =>
  eva.peer.ask(method, "", { ...inDialog(invite, eva.peer), cseq: ++cseq, ...more });
const info = (type: string, body: string): Promise<SipText> =>
  ask("INFO", { headers: [`Content-Type: ${type}`], body });
/** Waits until the desktop shows this. */
async function phaseIs(phase: string): Promise<void> {
  while ((await eva.api.get("/api/desktop")).body.interaction?.phase !== phase);
}

describe("inside a call", () => {
  it("[SG-5] what has to be understood and is not gets 420, and the call goes on", async () => {
    const referTo = "Refer-To: <sip:2002@legwork.test>";
    for (const [method, headers, unsupported] of [
      ["REFER", [referTo, "Require: norefersub"], "norefersub"],
      ["REFER", [referTo, "Require: multiple-refer, replaces"], "multiple-refer"],
      ["INFO", ["Require: x-none"], "x-none"],
      ["UPDATE", ["Require: timer, precondition"], "precondition"],
      ["OPTIONS", ["Require: gruu"], "gruu"],
    ] as const) {
      const answer = await ask(method, { headers });
      expect([method, statusOf(answer), header(answer, "unsupported")]).toEqual([method, 420, unsupported]);
    }
    expect(statusOf(await ask("OPTIONS"))).toBe(200);
  });

  it("[MX-4] keys come as INFO in the forms that telephones use; one without a body asks for nothing", async () => {
    for (const body of ["Signal=5\r\nDuration=160\r\n", "Signal=10\r\nDuration=160\r\n", "Signal=*\r\n"])
      expect([body, statusOf(await info("application/dtmf-relay", body))]).toEqual([body, 200]);
    expect(statusOf(await info("application/dtmf-relay", "Signal=16\r\n"))).toBe(400);
    expect(statusOf(await info("text/plain", "5"))).toBe(415);
    expect(statusOf(await ask("INFO"))).toBe(200);
  });

  it("[SG-3] [BT-1] NOTIFYs of a second REFER say which it was, by its CSeq; a transfer that fails leaves the call as it was", async () => {
    const finn = await side.phone(FINN, "finn");
    for (const n of [1, 2]) {
      const referred = await ask("REFER", { headers: ["Refer-To: <sip:2002@legwork.test>"] });
      expect(statusOf(referred)).toBe(202);
      const event = n === 1 ? "refer" : `refer;id=${cseq}`;
      finn.peer.answer(await finn.peer.request("INVITE"), "603 Decline");
      for (const state of [/^active/, /^terminated/]) {
        const notify = await eva.peer.request("NOTIFY");
        eva.peer.answer(notify, "200 OK");
        expect(header(notify, "event")).toBe(event);
        expect(header(notify, "subscription-state")).toMatch(state);
      }
      await phaseIs("connected");
    }
  });

  it("[HO-2] a hold may be the answer to an offer of ours: the customer is on hold, and no later answer brings him back", async () => {
    for (const direction of ["sendonly", "sendrecv"]) {
      const offered = await ask("INVITE");
      expect([statusOf(offered), offered.body]).toEqual([200, expect.stringContaining("m=audio")]);
      const body = `${sdp(eva.peer.address)}a=${direction}\r\n`;
      const headers = ["Content-Type: application/sdp"];
      eva.peer.send("ACK", "", { ...inDialog(invite, eva.peer), cseq, headers, body });
      await phaseIs("held");
    }
    const offer = { headers: ["Content-Type: application/sdp"], body: sdp(eva.peer.address) };
    let resumed = await ask("INVITE", offer);
    while (statusOf(resumed) === 500) resumed = await ask("INVITE", offer); // the answer before it is still being looked at
    expect(statusOf(resumed)).toBe(200);
    eva.peer.send("ACK", "", { ...inDialog(invite, eva.peer), cseq });
    await phaseIs("connected");
  });
});
