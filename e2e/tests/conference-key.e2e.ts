// A telephone's conference key: it calls the site's conference factory and refers its two calls to the focus it gets (RFC 4579).
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";
import { askOnce } from "../src/phone.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import type { SipCall } from "../src/sip-call.js";
import { header, type SipText, uriOf } from "../src/sip-text.js";
import { PHONE_PASSWORD, SITE_DOMAIN } from "../src/site.js";

const ACCOUNT = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };

let scene: PhoneScene;
/** The owner's second line, and the one that the conference key takes. */
let second: RtpCustomer;
let third: RtpCustomer;

beforeAll(async () => {
  scene = await PhoneScene.open();
}, 90_000);
afterAll(() => scene?.close(), 30_000);

beforeEach(async () => {
  const line = (n: number) => RtpCustomer.create({ name: `line ${n} of phone 2001`, tone: OWNER, number: "2001" });
  [second, third] = [await line(2), await line(3)];
  await scene.connect();
});

afterEach(async () => {
  for (const line of [second, third]) line.hangUp();
  await scene.settle();
  for (const line of [second, third]) line.close();
}, 30_000);

/** Holds the customer and consults Finn on the second line, who answers. */
async function consults(): Promise<void> {
  await scene.eva.line.call.hold(true);
  second.dial(scene.product.uri("2002"), [], true, ACCOUNT);
  (await scene.finn.line.rings()).answer();
  await second.call.answered();
  await scene.eva.consultIs("answered");
}

/** Presses the conference key as far as its INVITE; resolves with the final response to it. */
async function pressesConference(to = "conference"): Promise<SipText> {
  await second.call.hold(true);
  third.dial(scene.product.uri(to), [], true, ACCOUNT);
  await third.call.answered();
  const answers = third.trace
    .split("\n----\n")
    .filter((m) => /^< \S+\nSIP\/2\.0 200 /.test(m) && /CSeq: \d+ INVITE/i.test(m));
  const [start = "", ...lines] = answers[0]!.split("\r\n\r\n")[0]!.split("\r\n");
  const headers = lines.map(
    (line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()] as const,
  );
  return { start, headers, body: "" };
}

const refer = (on: SipCall, to: string): Promise<SipText> => on.exchange("REFER", "", "", [["Refer-To", `<${to}>`]]);

/** The sipfrag statuses of the NOTIFYs in a call. */
const notified = (line: RtpCustomer): string[] =>
  line.trace
    .split("\n----\n")
    .filter((message) => /^< \S+\nNOTIFY /.test(message) && message.includes(line.call.replaces.split(";")[0]!))
    .map((message) => /^SIP\/2\.0 (\d+)/m.exec(message.slice(message.indexOf("\r\n\r\n")))?.[1] ?? "none");

async function hearEachOther(owner: RtpCustomer = third): Promise<void> {
  const { customer, finn } = scene;
  await Promise.all([
    hears(owner, { tones: [CUSTOMER, COLLEAGUE], not: [OWNER] }),
    hears(customer, { tones: [OWNER, COLLEAGUE], not: [CUSTOMER] }),
    hears(finn.line, { tones: [CUSTOMER, OWNER], not: [COLLEAGUE] }),
  ]);
}

/** CF-2: the customer is Finn's, and Eva wraps up. */
async function isFinns(): Promise<void> {
  const { customer, eva, finn } = scene;
  await finn.isIn("connected");
  await Promise.all([
    hears(customer, { tones: [COLLEAGUE], not: [OWNER] }),
    hears(finn.line, { tones: [CUSTOMER], not: [OWNER] }),
  ]);
  expect((await finn.desktop()).interaction).toMatchObject({ role: "owner" });
  expect((await eva.desktop()).wrapUps).toHaveLength(1);
}

describe("the conference key", () => {
  it("[SG-2] [CO-6] [CF-1] [CF-2] gets a focus of its own, refers both calls to it, and leaves by hanging that up", async () => {
    await consults();
    const answer = await pressesConference();
    expect(header(answer, "contact")).toMatch(/^<sip:focus-[^@]+@127\.0\.0\.1:\d+[^>]*>;isfocus$/);
    await scene.eva.isIn("conference");
    await hearEachOther();
    const focus = uriOf(header(answer, "contact"));
    for (const line of [scene.eva.line, second]) {
      expect((await refer(line.call, focus)).start).toMatch(/^SIP\/2\.0 202 /);
      expect(await line.call.ended()).toMatchObject({ by: "peer" });
      expect(notified(line)).toEqual(["100", "200"]);
      expect(line.call.requests.slice(-3)).toEqual(["NOTIFY", "NOTIFY", "BYE"]);
    }
    await hearEachOther();
    third.call.hangUp();
    await isFinns();
  }, 60_000);

  it("[SG-2] [SG-3] takes REFERs on the focus dialog that name the calls by Replaces", async () => {
    await consults();
    await pressesConference();
    for (const line of [second, scene.eva.line]) {
      const party = `sip:2002@${SITE_DOMAIN}?Replaces=${encodeURIComponent(line.call.replaces)}`;
      expect((await refer(third.call, party)).start).toMatch(/^SIP\/2\.0 202 /);
      expect(await line.call.ended()).toMatchObject({ by: "peer" });
    }
    expect(notified(third)).toEqual(["100", "200", "100", "200"]);
    await hearEachOther();
  }, 60_000);

  it("[SG-2] ends with BYE what the telephone does not refer, and nothing by the telephone's own BYE", async () => {
    await consults();
    const focus = uriOf(header(await pressesConference(), "contact"));
    scene.eva.line.call.hangUp(); // early, as some do
    expect((await refer(second.call, focus)).start).toMatch(/^SIP\/2\.0 202 /);
    await second.call.ended();
    await hearEachOther();
    expect(third.call.state.phase).toBe("up");
    expect((await scene.eva.desktop()).wrapUps).toEqual([]);
  }, 60_000);

  it("[SG-2] works without any REFER: both calls end by themselves", async () => {
    await consults();
    await pressesConference();
    await Promise.all([scene.eva.line.call.ended(), second.call.ended()]);
    await hearEachOther();
    expect((await scene.eva.desktop()).interaction).toMatchObject({ phase: "conference", role: "owner" });
  }, 60_000);

  it("[SG-2] [CO-6] is the same when the interaction's focus is called, and moves a conference that is on", async () => {
    await consults();
    const { focusUri } = (await scene.eva.desktop()).interaction as unknown as { focusUri: string };
    const user = /^sip:([^@]*)@/.exec(focusUri)![1]!;
    await pressesConference(user);
    await hearEachOther();
    const fourth = await RtpCustomer.create({ name: "line 4", tone: OWNER, number: "2001" });
    try {
      fourth.dial(scene.product.uri(user), [], true, ACCOUNT);
      await fourth.call.answered();
      expect(await third.call.ended()).toMatchObject({ by: "peer" });
      await hearEachOther(fourth);
      fourth.call.hangUp();
      await isFinns();
    } finally {
      fourth.close();
    }
  }, 60_000);

  it("[CF-3] [CF-4] goes on as any conference: the colleague leaves, the customer ends it", async () => {
    await consults();
    await pressesConference();
    scene.finn.line.call.hangUp();
    await scene.eva.isIn("connected");
    await Promise.all([
      hears(third, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] }),
      hears(scene.customer, { tones: [OWNER], not: [COLLEAGUE] }),
    ]);
    expect((await scene.finn.desktop()).wrapUps).toEqual([]);
    scene.customer.call.hangUp();
    await third.call.ended();
  }, 60_000);

  it("[SG-7] tells a subscriber at the focus who is in it", async () => {
    await consults();
    const focus = uriOf(header(await pressesConference(), "contact"));
    const answer = await askOnce(
      third.socket,
      { host: "127.0.0.1", port: scene.product.ports["sip"]! },
      { method: "SUBSCRIBE", uri: focus, from: `2001@${SITE_DOMAIN}` },
      [
        ["Event", "conference"],
        ["Expires", "60"],
      ],
      ACCOUNT,
    );
    expect(answer.start).toMatch(/^SIP\/2\.0 200 /);
    await waitFor(() => (third.trace.includes("<user-count>3</user-count>") ? undefined : "nobody was told of three"));
  }, 60_000);
});

describe("the conference key pressed in vain", () => {
  const refused = async (line: RtpCustomer, to: string, user = "2001"): Promise<string> => {
    line.dial(scene.product.uri(to), [], true, { ...ACCOUNT, user });
    const { reason } = await line.call.ended();
    return reason;
  };
  const warning = (line: RtpCustomer): string => /^Warning: (.*)$/im.exec(line.trace)?.[1] ?? "";

  it("[CO-11] [SG-2] by the consulted agent is 403 with a Warning, and changes nothing", async () => {
    await consults();
    const finns = await RtpCustomer.create({ name: "line 2 of phone 2002", tone: COLLEAGUE, number: "2002" });
    try {
      expect(await refused(finns, "conference", "2002")).toMatch(/^SIP\/2\.0 403 /);
      expect(warning(finns)).toMatch(/^399 .*not-owner/);
      await Promise.all([
        hears(second, { tones: [COLLEAGUE], not: [CUSTOMER] }),
        hears(scene.finn.line, { tones: [OWNER], not: [CUSTOMER] }),
      ]);
    } finally {
      finns.close();
    }
  }, 60_000);

  it("[SG-2] [SG-5] without a consult, at another's focus, and at none", async () => {
    expect(await refused(third, "conference")).toMatch(/^SIP\/2\.0 403 /);
    expect(await refused(third, "focus-nobody")).toMatch(/^SIP\/2\.0 404 /);
    const { focusUri } = (await scene.eva.desktop()).interaction as unknown as { focusUri: string };
    const user = /^sip:([^@]*)@/.exec(focusUri)![1]!;
    const finns = await RtpCustomer.create({ name: "line 2 of phone 2002", tone: COLLEAGUE, number: "2002" });
    try {
      expect(await refused(finns, user, "2002")).toMatch(/^SIP\/2\.0 403 /);
      expect(warning(finns)).toMatch(/^399 .*not-yours/);
      expect(await refused(finns, "conference", "2002")).toMatch(/^SIP\/2\.0 403 /);
    } finally {
      finns.close();
    }
    await Promise.all([hears(scene.customer, { tones: [OWNER] }), hears(scene.eva.line, { tones: [CUSTOMER] })]);
  }, 60_000);

  it("[CO-6] [HO-4] given up before it is there leaves the consult as it was", async () => {
    await consults();
    third.rtp.silent = true;
    third.dial(scene.product.uri("conference"), [], true, ACCOUNT);
    third.call.cancel();
    const { status } = await third.call.ended();
    expect([487, 200]).toContain(status);
    if (status === 487) {
      await scene.eva.consultIs("answered");
      await hears(second, { tones: [COLLEAGUE], not: [CUSTOMER] });
    }
  }, 60_000);
});
