// The test peers themselves: they must hear and be heard before anything is said about the product.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import http from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Agent } from "../src/agent.js";
import { nowMs } from "../src/clock.js";
import { gapMs, hears, heardNothingOf } from "../src/hearing.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SippCustomer } from "../src/sipp.js";

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function customer(tone: number, sipPort = 0): Promise<RtpCustomer> {
  const made = await RtpCustomer.create({ name: `the customer with ${tone} Hz`, tone, sipPort });
  cleanUps.push(() => made.close());
  return made;
}

describe("RtpCustomer and SIPp", () => {
  it("calls, hears its own voice echoed, sends digits, holds and hangs up", async () => {
    const echo = SippCustomer.start({
      scenario: "answers-and-echoes-until-bye.xml",
      port: 5170,
      mediaPort: 6170,
      echo: true,
    });
    cleanUps.push(() => echo.stop());
    const caller = await customer(440);
    const call = caller.dial("sip:1001@127.0.0.1:5170");
    await call.answered();
    expect(call.statuses).toEqual([180, 200]);

    const from = await hears(caller, { tones: [440], not: [700, 1000] });
    expect(await gapMs(caller, 440, from, from + 1000)).toBeLessThan(40);
    await caller.rtp.sendDigits("19#");
    expect(caller.digits()).toBe("19#");

    await call.hold(true);
    expect(call.remoteAudio?.direction).toBe("recvonly");
    await call.hold(false);
    expect(caller.continuity()).toMatchObject({ ssrcs: 1, lost: 0, disordered: 0 });
    call.hangUp();
    await echo.verdict();
  }, 20_000);
});

describe("two RtpCustomers", () => {
  it("call each other: each hears the other and not itself, and both see the end", async () => {
    const [caller, callee] = [await customer(440), await customer(700)];
    const outgoing = caller.dial(`sip:someone@127.0.0.1:${callee.sipPort}`);
    const incoming = await callee.rings();
    await outgoing.ringing();
    const before = nowMs();
    incoming.answer();
    await outgoing.answered();
    await Promise.all([hears(caller, { tones: [700], not: [440] }), hears(callee, { tones: [440], not: [700] })]);
    await heardNothingOf(caller, [440, 1000], before, nowMs());
    incoming.hangUp();
    expect(await outgoing.ended()).toMatchObject({ by: "peer" });
  }, 20_000);

  it("give up and refuse", async () => {
    const [caller, callee] = [await customer(440), await customer(700)];
    const uri = `sip:someone@127.0.0.1:${callee.sipPort}`;
    const given = caller.dial(uri);
    const ringing = await callee.rings();
    await given.ringing();
    given.cancel();
    expect(await given.ended()).toMatchObject({ by: "us", status: 487 });
    expect(await ringing.ended()).toMatchObject({ by: "peer", status: 487 });

    const refused = caller.dial(uri);
    (await callee.rings()).refuse(486, "Busy Here");
    expect(await refused.ended()).toMatchObject({ by: "refused", status: 486 });
  }, 20_000);
});

describe("two agents in Chromium", () => {
  let url: string;
  beforeEach(async () => {
    const server = http.createServer((_, response) =>
      response.setHeader("content-type", "text/html").end("<!doctype html>"),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    cleanUps.push(() => void server.close());
  });

  it("hear each other as far as their pages play it, and never themselves", async () => {
    const agents = await Promise.all([agent("Anna", 700), agent("Bjørn", 1000)]);
    const [anna, bjorn] = agents;
    await connect(anna, bjorn);
    await Promise.all([
      hears(anna, { tones: [1000], not: [700, 440], withinMs: 10_000 }),
      hears(bjorn, { tones: [700], not: [1000, 440], withinMs: 10_000 }),
    ]);
    const steady = nowMs();
    expect(await gapMs(anna, 1000, steady, steady + 1000)).toBeLessThan(60);

    await anna.page.evaluate(() => {
      document.querySelector("audio")!.muted = true;
    });
    await hears(anna, { not: [1000] });
  }, 30_000);

  async function agent(name: string, tone: number): Promise<Agent> {
    const made = await Agent.launch({ name, tone });
    cleanUps.push(() => made.close());
    await made.page.goto(url);
    return made;
  }
});

async function connect(caller: Agent, callee: Agent): Promise<void> {
  for (const { page } of [caller, callee]) {
    await page.evaluate(async () => {
      const connection = new RTCPeerConnection();
      const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
      microphone.getTracks().forEach((track) => connection.addTrack(track, microphone));
      const player = document.createElement("audio");
      player.autoplay = true;
      document.body.append(player);
      connection.addEventListener("track", ({ streams }) => {
        player.srcObject = streams[0]!;
      });
    });
  }
  const offer = await describeFrom(caller);
  await callee.page.evaluate((remote) => window.legworkEar.connections[0]!.setRemoteDescription(remote), offer);
  const answer = await describeFrom(callee);
  await caller.page.evaluate((remote) => window.legworkEar.connections[0]!.setRemoteDescription(remote), answer);
}

/** The agent's description with all its candidates. */
function describeFrom(agent: Agent): Promise<RTCSessionDescriptionInit> {
  return agent.page.evaluate(async () => {
    const connection = window.legworkEar.connections[0]!;
    await connection.setLocalDescription();
    if (connection.iceGatheringState !== "complete") {
      await new Promise<void>((resolve) => {
        connection.addEventListener("icegatheringstatechange", () => {
          if (connection.iceGatheringState === "complete") resolve();
        });
      });
    }
    return connection.localDescription!.toJSON() as RTCSessionDescriptionInit;
  });
}
