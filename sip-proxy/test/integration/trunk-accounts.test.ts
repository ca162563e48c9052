// What a trunk's SIP account is good for: its calls, from where it is, and nothing else; and how trunks over TCP and beside browsers are known.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { header, sdp, statusOf, tagOf, type Account, type SipPeer, type SipText } from "../support/sip-peer.js";
import { EVA, NUMBER, SipSide } from "../support/sip-side.js";

jest.setTimeout(90_000);

/** Known by its password alone, and by its password and address. */
const ANYWHERE: Account = { user: "provider", password: "secret-of-provider" };
const PLACED: Account = { user: "gateway", password: "secret-of-gateway" };

let side: SipSide;

beforeAll(async () => {
  const credentials = ({ user: username, password }: Account) => ({ username, password });
  side = await SipSide.start([
    { name: "provider", address: "sip.provider.test", port: 5060, inbound: { credentials: credentials(ANYWHERE) } },
    {
      name: "gateway",
      address: "192.0.2.20",
      port: 5060,
      inbound: { addresses: ["127.0.0.20"], credentials: credentials(PLACED) },
    },
    { name: "by-tcp", address: "127.0.0.21", port: 5060, transport: "tcp" },
    { name: "local", address: "127.0.0.22", port: 5060, inbound: { addresses: ["127.0.0.22", "127.0.0.1:9"] } },
  ]);
}, 120_000);
afterAll(() => side.stop());

const refused = (method: string): Promise<number> =>
  side.metric(`sip_refused_total{method="${method}",reason="not-allowed"}`);

/** Calls the site's number; hangs up again when somebody has answered. */
async function call(peer: SipPeer, account: Account, from: string): Promise<SipText> {
  const ask = {
    uri: `sip:${NUMBER}@127.0.0.1:${side.sip}`,
    from,
    callId: `call-${from}-${peer.port}-${account.user}`,
    fromTag: "caller",
    headers: ["Content-Type: application/sdp"],
    body: sdp("127.0.0.1"),
  };
  const answer = await peer.askAs("INVITE", account, ask);
  const uri = /<([^>]*)>/.exec(header(answer, "contact"))?.[1];
  if (!uri || statusOf(answer) !== 200) return answer;
  const inside = { ...ask, uri, toTag: tagOf(header(answer, "to")), headers: [], body: "" };
  peer.send("ACK", from, { ...inside, cseq: Number(header(answer, "cseq").split(" ")[0]) });
  expect(statusOf(await peer.ask("BYE", from, { ...inside, cseq: 100 }))).toBe(200);
  return answer;
}

describe("a trunk's account", () => {
  it("[TK-1] calls from where the trunk is, and gets 403 from anywhere else, whoever it says is calling", async () => {
    const [there, elsewhere] = [await side.udp("127.0.0.20"), await side.udp("127.0.0.30")];
    expect(statusOf(await call(elsewhere, ANYWHERE, "+4799999999"))).toBe(200);
    expect(statusOf(await call(there, PLACED, "+4799999999"))).toBe(200);
    const before = await refused("INVITE");
    for (const from of [EVA.user, "eva", "+4799999999"]) {
      const answer = await call(elsewhere, PLACED, from);
      expect([from, statusOf(answer), header(answer, "warning")]).toEqual([from, 403, expect.stringContaining("399")]);
    }
    expect(await refused("INVITE")).toBe(before + 3);
  });

  it("[TK-1] [SG-6] is no station: it neither registers nor watches lamps", async () => {
    const peer = await side.udp("127.0.0.20");
    for (const account of [ANYWHERE, PLACED]) {
      const before = [await refused("REGISTER"), await refused("SUBSCRIBE")];
      expect(statusOf(await peer.askAs("REGISTER", account))).toBe(403);
      const lamp = { uri: "sip:2001@legwork.test", to: "2001", headers: ["Event: dialog"] };
      expect(statusOf(await peer.askAs("SUBSCRIBE", account, lamp))).toBe(403);
      expect([await refused("REGISTER"), await refused("SUBSCRIBE")]).toEqual(before.map((n) => n + 1));
    }
  });
});

describe("a trunk without a password", () => {
  it("[TK-1] is known over TCP by its address alone, as its connection comes from any port", async () => {
    const nobody: Account = { user: "+4799999999", password: "" };
    expect(statusOf(await call(await side.tcp("127.0.0.21"), nobody, "+4799999999"))).toBe(200);
    const over = await side.udp("127.0.0.21");
    expect(over.port).not.toBe(5060);
    // Over UDP the port counts: from another one it is a stranger, whom a trunk of ours that may be anywhere makes a 401.
    expect(statusOf(await over.ask("INVITE", "+4799999999", { uri: `sip:${NUMBER}@legwork.test` }))).toBe(401);
  });

  it("[TK-1] is never a browser, though all of those come from an address that a trunk may have", async () => {
    const page = await side.ws();
    const ask = {
      uri: `sip:${NUMBER}@legwork.test`,
      headers: ["Content-Type: application/sdp"],
      body: sdp("127.0.0.1"),
    };
    expect(statusOf(await page.ask("INVITE", "+4799999999", ask))).toBe(403);
    expect(statusOf(await page.ask("INVITE", EVA.user, ask))).toBe(401);
  });
});
