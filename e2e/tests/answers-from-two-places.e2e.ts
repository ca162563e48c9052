// A number behind a forking proxy: several early dialogs, a second answer, repeated answers, an answer that crosses the CANCEL.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { nowMs, waitFor } from "../src/clock.js";
import { gapMs, hears } from "../src/hearing.js";
import { CUSTOMER, OUTSIDE, OWNER, PhoneScene, TO_OUTSIDE } from "../src/phone-scene.js";
import { RtpPort } from "../src/rtp-port.js";
import { CARRIER_PORT } from "../src/site.js";
import { reply, SipSocket } from "../src/sip-socket.js";
import { formatAudio, header, methodOf, parseAudio, type SipText, tagOf } from "../src/sip-text.js";

const scene = PhoneScene.forTests({ "consult.ring.seconds": 20 });
let socket: SipSocket;
let rtp: RtpPort;
let invites: SipText[];
/** What has come for the call since its INVITE: "ACK a" is an ACK in the dialog of our tag a. */
let got: string[];

beforeEach(async () => {
  [invites, got] = [[], []];
  rtp = await RtpPort.open("127.0.0.1", OUTSIDE);
  socket = await SipSocket.open("127.0.0.1", CARRIER_PORT);
  socket.on("invite", (invite) => {
    invites.push(invite);
    socket.listen(header(invite, "call-id"), (request) => {
      got.push(`${methodOf(request)} ${tagOf(header(request, "to"))}`.trim());
      if (methodOf(request) !== "ACK") socket.respond(request, reply(request, 200, "OK"));
    });
  });
  await scene.connect();
});

afterEach(() => {
  socket.close();
  rtp.close();
});

/** Eva consults the number; resolves with the INVITE that reaches it. */
async function called(): Promise<SipText> {
  expect(await scene.eva.command({ type: "consult", target: TO_OUTSIDE })).toBeNull();
  await waitFor(() => (invites.length > 0 ? undefined : "the number was not called"));
  return invites[0]!;
}

/** A response of the place with this tag. */
function respond(invite: SipText, tag: string, status: number, reason: string, body = ""): void {
  const extra: SipText["headers"] = [
    ["Contact", `<sip:${tag}@127.0.0.1:${CARRIER_PORT}>`],
    ...(body ? [["Content-Type", "application/sdp"] as const] : []),
  ];
  const response = reply(invite, status, reason, extra, body);
  const headers = response.headers.map(([k, v]) => [k, k === "to" ? `${v};tag=${tag}` : v] as const);
  socket.respond(invite, { ...response, headers });
}

/** 200 of the place with this tag, which talks from then on. */
function answer(invite: SipText, tag: string): void {
  const own = {
    id: tag === "a" ? 1 : 2,
    version: 1,
    address: "127.0.0.1",
    port: rtp.port,
    direction: "sendrecv",
  } as const;
  respond(invite, tag, 200, "OK", formatAudio(own));
  const offer = parseAudio(invite.body)!;
  rtp.sendTo(offer.address, offer.port);
}

const arrives = (what: string) =>
  waitFor(() => (got.includes(what) ? undefined : `no ${what} among [${got.join(", ")}]`));

describe("a number that forks", () => {
  it("[SG-4] rings in two places and is answered in the later one; the other's late answer is ended, and the call goes on", async () => {
    const { eva } = scene;
    const sinceMs = nowMs();
    const invite = await called();
    respond(invite, "a", 180, "Ringing");
    respond(invite, "b", 183, "Session Progress");
    respond(invite, "b", 180, "Ringing");
    await hears(eva.line, { tones: [425], sinceMs });
    answer(invite, "b");
    await arrives("ACK b");
    const from = await hears(eva.line, { tones: [OUTSIDE], not: [CUSTOMER, OWNER] });
    answer(invite, "a");
    await Promise.all([arrives("ACK a"), arrives("BYE a")]);
    expect(await gapMs(eva.line, OUTSIDE, from, nowMs() + 500)).toBeLessThan(100);
    await eva.consultIs("answered");
    expect(got).not.toContain("BYE b");
    expect(await eva.command({ type: "back-to-customer" })).toBeNull();
    await arrives("BYE b");
    expect(got.filter((each) => each.startsWith("BYE"))).toEqual(["BYE a", "BYE b"]);
  }, 60_000);

  it("[SG-4] has each repetition of its answer acknowledged, and nothing else happens", async () => {
    const { eva } = scene;
    const invite = await called();
    for (let i = 1; i <= 3; i++) {
      answer(invite, "b");
      await waitFor(() => (got.filter((each) => each === "ACK b").length >= i ? undefined : `no ACK number ${i}`));
    }
    await hears(eva.line, { tones: [OUTSIDE] });
    expect(new Set(got)).toEqual(new Set(["ACK b"]));
    await eva.consultIs("answered");
    expect(await eva.command({ type: "back-to-customer" })).toBeNull();
    await arrives("BYE b");
  }, 60_000);

  it("[SG-4] [CO-8] answers while the CANCEL is on its way: it is acknowledged and ended, and the customer is back", async () => {
    const { customer, eva } = scene;
    const sinceMs = nowMs();
    const invite = await called();
    respond(invite, "a", 180, "Ringing");
    await hears(eva.line, { tones: [425], sinceMs });
    expect(await eva.command({ type: "end-consult" })).toBeNull();
    await arrives("CANCEL");
    answer(invite, "a");
    await Promise.all([arrives("ACK a"), arrives("BYE a")]);
    await Promise.all([
      hears(customer, { tones: [OWNER], not: [OUTSIDE] }),
      hears(eva.line, { tones: [CUSTOMER], not: [OUTSIDE] }),
    ]);
  }, 60_000);
});
