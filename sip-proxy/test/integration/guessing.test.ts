// Strangers on the wire: who guesses passwords, repeats what was overheard, floods, or says to be somebody else. A call goes on meanwhile.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { authorization, header, statusOf, type SipPeer, type SipText } from "../support/sip-peer.js";
import { EVA, FINN, GURO, inDialog, SipSide } from "../support/sip-side.js";
import { waitFor } from "../support/wait-for.js";

jest.setTimeout(90_000);

let side: SipSide;
let phone: SipPeer;
let invite: SipText;
let hangUp: () => Promise<SipText>;
let cseq = 1;

beforeAll(async () => {
  side = await SipSide.start();
  const eva = await side.phone(EVA, "eva");
  phone = eva.peer;
  ({ invite, hangUp } = await side.call(eva));
}, 120_000);
afterAll(() => side.stop());

const refused = (reason: string, method = "REGISTER"): Promise<number> =>
  side.metric(`sip_refused_total{method="${method}",reason="${reason}"}`);
const register = async (peer: SipPeer, account = EVA): Promise<number> =>
  statusOf(await peer.askAs("REGISTER", account));

/** The call is up, answers, and its telephone is still registered. */
async function callIsUnharmed(): Promise<void> {
  const options = await phone.ask("OPTIONS", "", { ...inDialog(invite, phone), cseq: ++cseq });
  expect(statusOf(options)).toBe(200);
  expect(await register(phone)).toBe(200);
}

describe("strangers", () => {
  it("[SG-6] who guess passwords wait longer and longer, are counted and logged, and lock out nobody else", async () => {
    const guesser = await side.udp("127.0.0.3");
    const before = [await refused("bad-credentials"), await refused("too-many-guesses")];
    for (let n = 0; n < 5; n++) expect(await register(guesser, { ...EVA, password: `guess-${n}` })).toBe(403);
    const late = await guesser.askAs("REGISTER", EVA); // even the right one
    expect([statusOf(late), Number(header(late, "retry-after"))]).toEqual([403, expect.any(Number)]);
    expect(Number(header(late, "retry-after"))).toBeGreaterThan(0);
    expect(await refused("bad-credentials")).toBe(before[0]! + 5);
    expect(await refused("too-many-guesses")).toBe(before[1]! + 1);
    const logged = /"why":"bad-credentials","waitMs":[1-9]\d*,"msg":"a SIP request was refused"/;
    await waitFor(() => (logged.test(side.log) ? undefined : "the log"));
    await callIsUnharmed();
    const elsewhere = await side.udp("127.0.0.4");
    expect(await register(elsewhere)).toBe(200);
    while ((await register(guesser)) !== 200); // when the wait is over the right password does
  });

  it("[SG-6] get nothing for what they have overheard: each nonce and count is taken once", async () => {
    const peer = await side.udp();
    const challenge = header(await peer.ask("REGISTER", EVA.user), "www-authenticate");
    const signed = authorization(challenge, EVA, "REGISTER");
    const before = await refused("replayed-nonce");
    expect(statusOf(await peer.ask("REGISTER", EVA.user, { headers: [signed] }))).toBe(200);
    const again = await peer.ask("REGISTER", EVA.user, { headers: [signed], contact: "sip:thief@127.0.0.3" });
    expect([statusOf(again), header(again, "www-authenticate")]).toEqual([401, expect.stringContaining("stale=true")]);
    expect(await refused("replayed-nonce")).toBe(before + 1);
    const counted = authorization(challenge, EVA, "REGISTER", undefined, "00000002");
    expect(statusOf(await peer.ask("REGISTER", EVA.user, { headers: [counted] }))).toBe(200);
    const thief = await side.udp("127.0.0.3");
    const third = authorization(challenge, EVA, "REGISTER", undefined, "00000003");
    const elsewhere = await thief.ask("REGISTER", EVA.user, { headers: [third] });
    expect([statusOf(elsewhere), header(elsewhere, "www-authenticate")]).toEqual([
      401,
      expect.stringContaining("stale=true"),
    ]);
    await callIsUnharmed();
  });

  it("[SG-6] with a telephone that knows SHA-256 are challenged with it, and with nothing weaker", async () => {
    const peer = await side.udp();
    const challenge = header(await peer.ask("REGISTER", GURO.user), "www-authenticate");
    expect(challenge).toContain("algorithm=SHA-256");
    const weak = authorization(challenge.replace("SHA-256", "MD5"), GURO, "REGISTER");
    expect(statusOf(await peer.ask("REGISTER", GURO.user, { headers: [weak] }))).toBe(403);
    expect(await register(peer, GURO)).toBe(200);
    expect(header(await peer.ask("REGISTER", "nobody"), "www-authenticate")).toContain("algorithm=MD5");
  });

  it("[SG-6] cannot be somebody else: From is who has authenticated", async () => {
    const peer = await side.udp("127.0.0.5");
    for (const method of ["REGISTER", "SUBSCRIBE", "INVITE"]) {
      const before = await refused("spoofed-from", method);
      const uri = method === "REGISTER" ? undefined : "sip:2001@legwork.test";
      const headers = ["Event: dialog"];
      const spoofed = await peer.askAs(method, FINN, { from: EVA.user, headers, ...(uri && { uri }) });
      expect([method, statusOf(spoofed)]).toEqual([method, 403]);
      expect(await refused("spoofed-from", method)).toBe(before + 1);
    }
    const third = await peer.askAs("REGISTER", FINN, { to: EVA.user });
    expect(statusOf(third)).toBe(403);
    await callIsUnharmed();
  });

  it("[SG-6] who flood with REGISTERs are sent away without a challenge, from their address only", async () => {
    const flooder = await side.udp("127.0.0.6");
    const before = await refused("flood");
    const wave = async (): Promise<SipText[]> => {
      for (let n = 0; n < 50; n++) flooder.send("REGISTER", `user-${n}`);
      const answers: SipText[] = [];
      while (answers.length < 40) answers.push(await flooder.next((m) => statusOf(m) >= 400, "an answer"));
      return answers;
    };
    let sentAway: SipText | undefined;
    while (!sentAway) sentAway = (await wave()).find((m) => statusOf(m) === 503);
    expect(header(sentAway, "retry-after")).toBe("30");
    let stopped = false;
    const flood = (async () => {
      while (!stopped) await wave();
    })();
    await callIsUnharmed();
    stopped = true;
    await flood;
    expect(await refused("flood")).toBeGreaterThan(before);
    expect(statusOf(await hangUp())).toBe(200);
  });
});
