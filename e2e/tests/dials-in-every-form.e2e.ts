// What a telephone without a call may dial, in every form that telephones write: numbers, colleagues, queues and entry points.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { hears } from "../src/hearing.js";
import { COLLEAGUE, openCarrier, OUTSIDE_NUMBER as NUMBER, OWNER, PhoneScene } from "../src/phone-scene.js";
import type { RtpCustomer } from "../src/rtp-customer.js";
import type { SipCall } from "../src/sip-call.js";
import { methodOf } from "../src/sip-text.js";
import { PHONE_PASSWORD, PHONES_NUMBER, SITE_DOMAIN } from "../src/site.js";

const ACCOUNT = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };

let scene: PhoneScene;
let carrier: RtpCustomer;

beforeAll(async () => {
  scene = await PhoneScene.open();
}, 90_000);
afterAll(() => scene?.close(), 30_000);

beforeEach(async () => {
  carrier = await openCarrier();
});
afterEach(async () => {
  const { eva, finn, product } = scene;
  for (const line of [eva.line, finn.line, carrier]) line.hangUp();
  await Promise.all([eva.settle(), finn.settle()]);
  await product.isEmpty();
  carrier.close();
}, 30_000);

/** Dials with this Request-URI, whatever it names; it goes to the product's own address. */
function dials(uri: string): SipCall {
  const { socket } = scene.eva.line;
  const send = socket.request.bind(socket);
  socket.request = (request, ...rest) =>
    send(methodOf(request) === "INVITE" ? { ...request, start: `INVITE ${uri} SIP/2.0` } : request, ...rest);
  const call = scene.eva.line.dial(scene.product.uri("x"), [], true, ACCOUNT);
  return call;
}
afterEach(() => {
  delete (scene.eva.line.socket as { request?: unknown }).request;
});

describe("a number", () => {
  it.each([
    ["its international form", `sip:${NUMBER}@${SITE_DOMAIN}`],
    ["the plus escaped", `sip:%2B4722000101@${SITE_DOMAIN}`],
    ["user=phone", `sip:${NUMBER}@${SITE_DOMAIN};user=phone`],
    ["the home country's own form", `sip:22000101@${SITE_DOMAIN};user=phone`],
    ["an IDD prefix", `sip:004722000101@${SITE_DOMAIN}`],
    ["another country's IDD prefix", `sip:0114722000101@${SITE_DOMAIN}`],
    ["a phone-context", `sip:22000101;phone-context=+47@${SITE_DOMAIN};user=phone`],
    ["what people write between digits", `sip:+47-22.00(01)01@${SITE_DOMAIN}`],
    ["a tel URI", `tel:${NUMBER}`],
    ["a tel URI of a local number", "tel:22-00-01-01;phone-context=+47"],
    ["an address instead of the domain", `sip:${NUMBER}@127.0.0.1:5060;transport=udp`],
  ])(
    "[OB-1] [DN-1] [DN-3] is dialled with %s",
    async (_what, uri) => {
      const call = dials(uri);
      const outside = await carrier.rings();
      expect(outside.invite.start).toContain(`sip:${NUMBER}@`);
      outside.answer();
      await call.answered();
      await scene.eva.isIn("connected");
      call.hangUp();
      await outside.ended();
    },
    40_000,
  );
});

describe("somebody of the house", () => {
  it.each([
    ["an extension", `sip:2002@${SITE_DOMAIN}`],
    ["an extension with user=phone", `sip:2002@${SITE_DOMAIN};user=phone`],
    ["a tel URI", "tel:2002;phone-context=legwork.test"],
    ["a name", `sip:finn@${SITE_DOMAIN}`],
  ])(
    "[IN-1] is called by %s",
    async (_what, uri) => {
      const call = dials(uri);
      (await scene.finn.line.rings()).answer();
      await call.answered();
      await Promise.all([hears(scene.eva.line, { tones: [COLLEAGUE] }), hears(scene.finn.line, { tones: [OWNER] })]);
      call.hangUp();
    },
    40_000,
  );

  it.each([
    ["a queue", `sip:phones@${SITE_DOMAIN}`],
    ["an entry point's number", `sip:${PHONES_NUMBER}@${SITE_DOMAIN};user=phone`],
    ["an entry point's number, at home", "tel:80010003;phone-context=+47"],
    ["an entry point", `sip:phones-line@${SITE_DOMAIN}`],
  ])(
    "[IN-1] [QU-1] is found by %s: the caller waits as a customer does, and is nobody's agent meanwhile",
    async (_what, uri) => {
      const { eva, finn } = scene;
      await eva.goAvailable();
      await finn.goAvailable();
      const call = dials(uri);
      await call.answered();
      await eva.isInState("engaged"); // and is not offered her own call
      (await finn.line.rings()).answer();
      await finn.isIn("connected");
      expect((await finn.desktop()).interaction?.customer).toEqual({ name: "Eva", number: "2001" });
      await Promise.all([
        hears(eva.line, { tones: [COLLEAGUE], not: [OWNER] }),
        hears(finn.line, { tones: [OWNER], not: [COLLEAGUE] }),
      ]);
      call.hangUp();
      await finn.line.call.ended();
      await eva.isInState("available");
      expect((await eva.desktop()).wrapUps).toEqual([]);
      await finn.wrapUp();
    },
    40_000,
  );

  it("[SG-5] is 404 where there is nobody of that name", async () => {
    expect((await dials(`sip:nobody@${SITE_DOMAIN}`).ended()).status).toBe(404);
  }, 40_000);
});
