// A telephone that registered over TCP and whose connection is closed: it is called no more, and the account's other telephone is.
import net from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { nowMs } from "../src/clock.js";
import { authorize } from "../src/digest.js";
import { hears } from "../src/hearing.js";
import { CUSTOMER, openCustomer, OWNER, PhoneScene } from "../src/phone-scene.js";
import { formatSip, header, parseSip, type SipText, statusOf } from "../src/sip-text.js";
import { PHONE_PASSWORD, PHONES_NUMBER, SITE_DOMAIN } from "../src/site.js";

const ACCOUNT = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };

/** SG-2: it is asked so often, and a closed connection is noticed by that. */
const OPTIONS_EVERY_MS = 25_000;
/** What a machine with other tests on it may be late. */
const BUSY_MS = 10_000;

let scene: PhoneScene;

beforeAll(async () => {
  scene = await PhoneScene.open();
}, 90_000);
afterAll(() => scene?.close(), 30_000);

/** Registers over a TCP connection of its own and keeps it. */
async function registersOverTcp(): Promise<net.Socket> {
  const socket = net.connect(scene.product.ports["sip"]!, "127.0.0.1");
  const port = await new Promise<number>((resolve) => socket.once("connect", () => resolve(socket.localPort!)));
  const next = (): Promise<SipText> =>
    new Promise((resolve) => socket.once("data", (data) => resolve(parseSip(data.toString("utf8"))!)));
  const register = (cseq: number, more: SipText["headers"]): string =>
    formatSip({
      start: `REGISTER sip:${SITE_DOMAIN} SIP/2.0`,
      headers: [
        ["Via", `SIP/2.0/TCP 127.0.0.1:${port};branch=z9hG4bK-${port}-${cseq};rport`],
        ["Max-Forwards", "70"],
        ["From", `<sip:2001@${SITE_DOMAIN}>;tag=${port}`],
        ["To", `<sip:2001@${SITE_DOMAIN}>`],
        ["Call-ID", `connection-${port}`],
        ["CSeq", `${cseq} REGISTER`],
        ["Contact", `<sip:tcp-phone@127.0.0.1:${port};transport=tcp>;expires=120`],
        ...more,
      ],
      body: "",
    });
  const challenge = next();
  socket.write(register(1, []));
  const value = authorize(header(await challenge, "www-authenticate"), ACCOUNT, "REGISTER", `sip:${SITE_DOMAIN}`);
  const answer = next();
  socket.write(register(2, [["Authorization", value]]));
  expect(statusOf(await answer)).toBe(200);
  return socket;
}

const closed = (socket: net.Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.destroy();
  });

describe("a telephone whose TCP connection is closed", () => {
  afterEach(() => scene.settle(), 30_000);

  it("[SG-2] [AG-2] is not waited for: the account's next telephone rings at once", async () => {
    const { eva, product } = scene;
    await closed(await registersOverTcp());
    await eva.goAvailable();
    const customer = await openCustomer();
    try {
      const called = nowMs();
      await customer.dial(product.uri(PHONES_NUMBER)).answered();
      (await eva.line.rings()).answer();
      expect(nowMs() - called).toBeLessThan(5_000); // the ring time-out is 6 s
      await eva.isIn("connected");
      await Promise.all([hears(customer, { tones: [OWNER] }), hears(eva.line, { tones: [CUSTOMER] })]);
    } finally {
      customer.close();
    }
  }, 60_000);
});

describe("an agent's only telephone", () => {
  it("[SG-2] [AG-3] is not registered any more soon after its connection was closed, long before its time is over", async () => {
    const { eva } = scene;
    const socket = await registersOverTcp();
    expect(await eva.phone.unregister()).toBe(200);
    expect((await eva.desktop()).station.registered).toBe(true);
    await closed(socket);
    await eva.until(
      ({ station }) => (station.registered ? "the telephone is registered still" : undefined),
      OPTIONS_EVERY_MS + BUSY_MS,
    );
    expect(await eva.phone.register()).toBe(200);
    expect((await eva.desktop()).station.registered).toBe(true);
  }, 90_000);
});
