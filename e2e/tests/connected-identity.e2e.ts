// A telephone shows whom it speaks with, whatever the desktop or another telephone did: UPDATE with P-Asserted-Identity (RFC 4916, RFC 3325).
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { reply, type SipSocket } from "../src/sip-socket.js";
import { all, header, methodOf, parseSip, type SipText } from "../src/sip-text.js";
import { PHONE_PASSWORD, SITE_DOMAIN } from "../src/site.js";

const ACCOUNT = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };
const TONES = [CUSTOMER, OWNER, COLLEAGUE];

let scene: PhoneScene;
/** What the telephones answer to UPDATE. */
let answer = 200;

/** Lets a telephone say that it takes UPDATE, wherever it says what it takes. */
function takesUpdate(socket: SipSocket): void {
  const allow = ({ start, headers, body }: SipText): SipText => ({
    ...{ start, body },
    headers: [...headers.filter(([name]) => name !== "Allow"), ["Allow", "INVITE, ACK, BYE, CANCEL, UPDATE"]],
  });
  const [request, respond] = [socket.request.bind(socket), socket.respond.bind(socket)];
  socket.request = (sent, ...rest) => request(methodOf(sent) === "INVITE" ? allow(sent) : sent, ...rest);
  socket.respond = (got, response) => {
    if (methodOf(got) !== "UPDATE") return respond(got, allow(response));
    respond(got, answer === 200 ? response : reply(got, answer, "No"));
  };
}

beforeAll(async () => {
  scene = await PhoneScene.open();
  for (const { line } of [scene.eva, scene.finn]) takesUpdate(line.socket);
}, 90_000);
afterAll(() => scene?.close(), 30_000);
afterEach(async () => {
  answer = 200;
  await scene.settle();
}, 30_000);

/** The UPDATEs of a line's present call. */
const updates = (line: RtpCustomer): SipText[] =>
  line.trace
    .split("\n----\n")
    .filter((message) => /^< \S+\nUPDATE /.test(message) && message.includes(line.call.replaces.split(";")[0]!))
    .flatMap((message) => parseSip(message.slice(message.indexOf("\n") + 1)) ?? []);

const named = (line: RtpCustomer): string[] => updates(line).map((update) => header(update, "p-asserted-identity"));

/** Waits until the line's display shows this. */
async function shows(line: RtpCustomer, name: string, number: string): Promise<void> {
  const want = `"${name}" <sip:${number}@${SITE_DOMAIN}>`;
  await waitFor(() => {
    const last = named(line).at(-1);
    return last === want ? undefined : `${line.name} shows ${last ?? "nothing"} instead of ${want}`;
  });
}

describe("a telephone that takes UPDATE", () => {
  it("[AG-2] is told of a hold that was made on the desktop, and of its end, in headers alone", async () => {
    await scene.connect();
    const { customer, eva } = scene;
    expect(named(eva.line)).toEqual([]); // the INVITE has said it
    expect(await eva.command({ type: "hold" })).toBeNull();
    await shows(eva.line, `Customer on hold: ${customer.number}`, customer.number);
    const [update] = updates(eva.line);
    expect(update?.body).toBe("");
    expect(all(update!, "contact")).toHaveLength(1);
    expect(header(update!, "remote-party-id")).toBe(
      `"Customer on hold: ${customer.number}" <sip:${customer.number}@${SITE_DOMAIN}>;party=calling;privacy=off;screen=yes`,
    );
    expect(await eva.command({ type: "unhold" })).toBeNull();
    await shows(eva.line, customer.number, customer.number);
  }, 40_000);

  it("[AG-2] [CO-3] [CO-6] [CF-2] is told whom it speaks with in a consult, after each change, and in a conference", async () => {
    await scene.connect();
    await scene.consult();
    const { customer, eva, finn } = scene;
    await Promise.all([shows(eva.line, "Finn", "2002"), shows(finn.line, "Eva", "2001")]);
    expect(await eva.command({ type: "resume" })).toBeNull();
    await Promise.all([shows(eva.line, customer.number, customer.number), shows(finn.line, "On hold: Eva", "2001")]);
    expect(await eva.command({ type: "conference" })).toBeNull();
    await Promise.all([
      shows(eva.line, `Conference: ${customer.number}, Finn`, customer.number),
      shows(finn.line, `Conference: ${customer.number}, Eva`, customer.number),
    ]);
    eva.line.call.hangUp();
    await shows(finn.line, customer.number, customer.number);
  }, 40_000);

  it("[AG-2] [CO-4] [CO-9] is told of the customer whom it was given, or went back to", async () => {
    await scene.connect();
    await scene.consult();
    const { customer, eva, finn } = scene;
    expect(await eva.command({ type: "back-to-customer" })).toBeNull();
    await shows(eva.line, customer.number, customer.number);
    await finn.isInState("idle");
    await scene.consult();
    expect(await eva.command({ type: "transfer" })).toBeNull();
    await shows(finn.line, customer.number, customer.number);
  }, 40_000);

  it("[AG-2] is told on each of its lines", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    const second = await RtpCustomer.create({ name: "line 2 of phone 2001", tone: OWNER, number: "2001" });
    takesUpdate(second.socket);
    try {
      await eva.line.call.hold(true);
      second.dial(scene.product.uri("2002"), [], true, ACCOUNT);
      (await finn.line.rings()).answer();
      await Promise.all([
        shows(eva.line, `Customer on hold: ${customer.number}`, customer.number),
        shows(second, "Finn", "2002"),
      ]);
      second.call.hangUp();
      await finn.line.call.ended();
    } finally {
      second.close();
    }
  }, 40_000);

  it.each([405, 488, 481, 503, 491])(
    "[AG-2] [SG-4] that answers %i to it keeps its call, and every button works",
    async (status) => {
      answer = status;
      await scene.connect();
      const { customer, eva } = scene;
      for (const hold of ["hold", "unhold"]) expect(await eva.command({ type: hold })).toBeNull();
      await Promise.all([hears(customer, { tones: [OWNER] }), hears(eva.line, { tones: [CUSTOMER] })]);
      expect(updates(eva.line).length).toBeGreaterThan(0);
      if (status === 491) {
        answer = 200; // it is told again a while later, and only of how it is now
        expect(await eva.command({ type: "hold" })).toBeNull();
        await shows(eva.line, `Customer on hold: ${customer.number}`, customer.number);
      }
      expect(eva.line.call.state.phase).toBe("up");
    },
    40_000,
  );
});

describe("the customer's telephone", () => {
  it("[AG-2] [TK-1] is told nothing of who is in the house", async () => {
    await scene.connect((customer) => takesUpdate(customer.socket));
    await scene.consult();
    const { customer, eva } = scene;
    expect(await eva.command({ type: "transfer" })).toBeNull();
    await hears(customer, { tones: [COLLEAGUE] });
    expect(customer.call.requests).not.toContain("UPDATE");
    expect(customer.trace).not.toMatch(/Eva|Finn/);
  }, 40_000);
});

describe("a telephone that still holds the customer's line", () => {
  it("[HO-2] [HO-3] [CO-9] [AG-2] when its consult is over: the desktop shows the hold, and only its key ends it", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    const second = await RtpCustomer.create({ name: "line 2 of phone 2001", tone: OWNER, number: "2001" });
    try {
      await eva.line.call.hold(true);
      second.dial(scene.product.uri("2002"), [], true, ACCOUNT);
      (await finn.line.rings()).answer();
      await eva.consultIs("answered");
      second.call.hangUp();
      await eva.isIn("held");
      await Promise.all([hearsMusic(customer, TONES), hearsSilence(eva.line)]);
      const { controls } = (await eva.desktop()).interaction!;
      expect(controls["unhold"]).toEqual({ visible: true, enabled: false, reason: "held-at-phone" });
      expect(await eva.command({ type: "unhold" })).toBe("held-at-phone");
      await eva.line.call.hold(false);
      await eva.isIn("connected");
      await Promise.all([hears(customer, { tones: [OWNER] }), hears(eva.line, { tones: [CUSTOMER] })]);
    } finally {
      second.close();
    }
  }, 40_000);
});
