import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { TestEngine } from "../support/engine.js";
import { Sipp } from "../support/sipp.js";
import type { SrfApp } from "../support/srf.js";

const SDP = "v=0\r\no=app 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";
const OFFER = { headers: { "Content-Type": "application/sdp", Contact: "<sip:app@localhost>" }, body: SDP };

let engine: TestEngine;
let srf: SrfApp;

beforeEach(async () => {
  engine = await TestEngine.start();
  srf = await engine.app();
});
afterEach(() => engine.stop());

describe("drachtio-srf apps and SIPp", () => {
  for (const [transport, flag] of [
    ["udp", "u1"],
    ["tcp", "t1"],
  ] as const) {
    it(`C6 a caller over ${transport} is answered and hangs up; nothing is left`, async () => {
      const ended = new Promise<void>((resolve) => {
        srf.invite(async (req, res) => {
          const dialog = await srf.createUAS(req, res, { localSdp: SDP });
          dialog.on("destroy", () => resolve());
        });
      });
      await engine.routed("invite");
      const caller = await Sipp.caller("uac-is-answered-and-hangs-up.xml", engine.port(transport), "-t", flag);
      await Promise.all([caller.done, ended]);
      await engine.idle();
    });
  }

  it("C9 a caller that changes its call gets the app's answer", async () => {
    const offers: string[] = [];
    srf.invite(async (req, res) => {
      const dialog = await srf.createUAS(req, res, { localSdp: SDP });
      dialog.on("modify", (again, answer) => {
        offers.push(again.body);
        answer.send(200, { body: SDP, headers: { "Content-Type": "application/sdp" } });
      });
    });
    await engine.routed("invite");
    await (
      await Sipp.caller("uac-reinvites-and-hangs-up.xml", engine.port("udp"))
    ).done;
    expect(offers).toHaveLength(1);
    expect(offers[0]).toContain("m=audio");
    await engine.idle();
  });

  it("C8 E5 a caller that gives up: the app sees the cancel, the caller 200 and 487", async () => {
    const cancelled = new Promise<void>((resolve) => {
      srf.invite((req, res) => {
        req.on("cancel", () => resolve());
        res.send(180);
      });
    });
    await engine.routed("invite");
    const caller = await Sipp.caller("uac-gives-up-while-it-rings.xml", engine.port("udp"));
    await Promise.all([caller.done, cancelled]);
    await engine.idle();
  });

  it("C10 E7 the app calls: early media, 491 and then 200 to its re-INVITEs, BYE", async () => {
    const callee = await Sipp.callee("uas-has-early-media-and-is-reinvited.xml");
    const early: number[] = [];
    const dialog = await srf.createUAC(
      `sip:callee@127.0.0.1:${callee.port}`,
      { localSdp: SDP, callingNumber: "100" },
      { cbProvisional: (res) => void (res.body && early.push(res.status)) },
    );
    expect(early).toEqual([183]);
    const refused = await dialog.request({ method: "INVITE", ...OFFER });
    expect(refused.status).toBe(491);
    const accepted = await dialog.request({ method: "INVITE", ...OFFER });
    expect(accepted.status).toBe(200);
    await dialog.destroy();
    await callee.done;
    await engine.idle();
  });

  it("C12 the app cancels a ringing callee and learns 487", async () => {
    const callee = await Sipp.callee("uas-rings-until-cancelled.xml");
    let ringing: { cancel(): void } | undefined;
    const call = srf.createUAC(
      `sip:callee@127.0.0.1:${callee.port}`,
      { localSdp: SDP },
      {
        cbRequest: (_error, request) => (ringing = request),
        cbProvisional: () => ringing?.cancel(),
      },
    );
    await expect(call).rejects.toMatchObject({ status: 487 });
    await callee.done;
    await engine.idle();
  });

  it("C16 REFER with Replaces reaches the app, its NOTIFYs reach the referrer", async () => {
    const callee = await Sipp.callee("uas-refers-its-caller.xml");
    const dialog = await srf.createUAC(`sip:callee@127.0.0.1:${callee.port}`, { localSdp: SDP });
    const referTo = await new Promise<string>((resolve) => {
      dialog.on("refer", async (req, res) => {
        res.send(202);
        for (const [state, body] of [
          ["active", "SIP/2.0 100 Trying"],
          ["terminated", "SIP/2.0 200 OK"],
        ]) {
          const headers = { Event: "refer", "Subscription-State": state!, "Content-Type": "message/sipfrag" };
          const answer = await dialog.request({ method: "NOTIFY", headers, body: `${body}\r\n` });
          expect(answer.status).toBe(200);
        }
        resolve(req.get("Refer-To"));
      });
    });
    expect(referTo).toBe("<sip:other@example.com?Replaces=abc%40x%3Bto-tag%3D1%3Bfrom-tag%3D2>");
    await dialog.destroy();
    await callee.done;
    await engine.idle();
  });

  it("C11 E19 a callee that does not exist: 503 as soon as ICMP says so, and nothing left", async () => {
    const call = srf.createUAC("sip:nobody@127.0.0.1:9", { localSdp: SDP });
    await expect(call).rejects.toMatchObject({ status: 503 });
    await engine.idle();
  });

  it("C11 E19 a TCP callee that does not exist: 503 at once", async () => {
    const call = srf.createUAC("sip:nobody@127.0.0.1:9;transport=tcp", { localSdp: SDP });
    await expect(call).rejects.toMatchObject({ status: 503 });
    await engine.idle();
  });
});
