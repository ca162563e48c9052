// INVITE with Replaces (RFC 3891) on the wire, at a site one of whose trunks shows who it is by its password alone, from any address.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { header, sdp, statusOf, tagOf, type Account, type SipPeer, type SipText } from "../support/sip-peer.js";
import { EVA, FINN, GURO, inDialog, SipSide } from "../support/sip-side.js";

jest.setTimeout(60_000);

const PROVIDER: Account = { user: "provider", password: "secret-of-provider" };
const OFFER = { headers: ["Content-Type: application/sdp"], body: sdp("127.0.0.1") };

let side: SipSide;
let phone: SipPeer;
let invite: SipText;
let cseq = 1;

beforeAll(async () => {
  const inbound = { credentials: { username: PROVIDER.user, password: PROVIDER.password } };
  side = await SipSide.start([{ name: "provider", address: "sip.provider.test", port: 5060, inbound }]);
  const eva = await side.phone(EVA, "eva");
  phone = eva.peer;
  ({ invite } = await side.call(eva));
}, 120_000);
afterAll(() => side.stop());

/** Asks for a telephone's end of a call. */
async function replace(
  account: Account,
  { headers = [], body = "" }: Partial<typeof OFFER>,
  { callId, fromTag, toTag }: Pick<ReturnType<typeof inDialog>, "callId" | "fromTag" | "toTag"> = inDialog(
    invite,
    phone,
  ),
): Promise<SipText> {
  const replaces = `Replaces: ${callId};to-tag=${toTag};from-tag=${fromTag}`;
  const peer = await side.udp();
  const ask = { uri: "sip:2001@legwork.test", callId: `by-${account.user}-${peer.port}`, fromTag: "other" };
  const answer = await peer.askAs("INVITE", account, { ...ask, headers: [...headers, replaces], body });
  const uri = /<([^>]*)>/.exec(header(answer, "contact"))?.[1];
  const toTagOfAnswer = tagOf(header(answer, "to"));
  if (uri) peer.send("ACK", account.user, { ...ask, uri, cseq: 2, toTag: toTagOfAnswer });
  return answer;
}

async function callIsUnharmed(): Promise<void> {
  const options = await phone.ask("OPTIONS", "", { ...inDialog(invite, phone), cseq: ++cseq });
  expect(statusOf(options)).toBe(200);
}

describe("an INVITE that would replace an agent's dialog", () => {
  it("[SG-3] is refused to a trunk, whatever it names, and the call goes on", async () => {
    const answer = await replace(PROVIDER, OFFER);
    expect([statusOf(answer), header(answer, "warning")]).toEqual([403, expect.stringContaining("399")]);
    await callIsUnharmed();
  });

  it("[SG-3] is refused without an offer, since the answer in its ACK might be of no use, and the call goes on", async () => {
    expect(statusOf(await replace(EVA, {}))).toBe(488);
    await callIsUnharmed();
  });

  it("[SG-3] [IN-1] is refused to who has that end of a call inside the house as not possible now, to others as not theirs", async () => {
    const finn = await side.phone(FINN, "finn");
    const guro = await side.phone(GURO, "guro");
    const call = { uri: "sip:2003@legwork.test", callId: "internal", fromTag: "finn" };
    const answer = finn.peer.askAs("INVITE", FINN, { ...call, ...OFFER });
    const rings = await guro.peer.request("INVITE");
    guro.peer.answer(rings, "200 OK", ["Content-Type: application/sdp"], sdp(guro.peer.address));
    const toTag = tagOf(header(await answer, "to"));
    const ask = (account: Account): Promise<SipText> => replace(account, OFFER, { ...call, toTag });
    expect(header(await ask(FINN), "warning")).toContain("not-in-this-phase");
    expect(header(await ask(GURO), "warning")).toContain("not-in-this-phase");
    expect(header(await ask(EVA), "warning")).toContain("not-yours");
    const options = await guro.peer.ask("OPTIONS", "", { ...inDialog(rings, guro.peer), cseq: 2 });
    expect(statusOf(options)).toBe(200);
  });

  it("[SG-3] [TK-1] moves the call to another telephone of the agent, also where a trunk may call from anywhere", async () => {
    expect(statusOf(await replace(EVA, OFFER))).toBe(200);
    phone.answer(await phone.request("BYE"), "200 OK");
  });
});
