// Telephones that start anew in the middle of a call, that are gone while they are still registered, and that say nothing at all.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { header, sdp, statusOf, type SipText } from "../support/sip-peer.js";
import { EVA, FINN, inDialog, SipSide, type Phone } from "../support/sip-side.js";
import { waitFor } from "../support/wait-for.js";

jest.setTimeout(90_000);

let side: SipSide;
let eva: Phone;

beforeAll(async () => {
  side = await SipSide.start();
  eva = await side.phone(EVA, "eva");
}, 120_000);
afterAll(() => side.stop());

/** OPTIONS in the dialog that this INVITE has opened. */
async function probed(phone: Phone, invite: SipText): Promise<SipText> {
  for (;;) {
    const options = await phone.peer.request("OPTIONS");
    if (header(options, "call-id") === header(invite, "call-id")) return options;
    phone.peer.answer(options, "200 OK");
  }
}
const phase = async (): Promise<unknown> => (await eva.api.get("/api/desktop")).body.interaction?.phase;
const isGone = (): string | undefined =>
  side.log.includes("the other end of a call does not know it any more") ? undefined : "that the telephone is gone";

describe("a telephone that registers anew", () => {
  it("[SE-1] is asked whether it still has its call; while it has, the call goes on", async () => {
    const { invite, hangUp } = await side.call(eva);
    expect(header(invite, "session-expires")).toBe("1800;refresher=uac");
    expect(header(invite, "supported")).toContain("timer");
    expect(statusOf(await eva.peer.askAs("REGISTER", EVA))).toBe(200);
    eva.peer.answer(await probed(eva, invite), "405 Method Not Allowed"); // any answer will do
    expect(statusOf(await eva.peer.ask("OPTIONS", "", { ...inDialog(invite, eva.peer), cseq: 5 }))).toBe(200);
    expect(await phase()).toBe("connected");
    expect(isGone()).toBeDefined();
    expect(statusOf(await hangUp())).toBe(200);
    side.customer.answer(await side.customer.request("BYE"), "200 OK");
    await side.settle(eva.api);
  });

  it("[SE-1] and has lost its call is no hang-up: the seat is kept, and the customer is not sent away", async () => {
    const { invite, customerHangsUp } = await side.call(eva);
    expect(statusOf(await eva.peer.askAs("REGISTER", EVA))).toBe(200);
    eva.peer.answer(await probed(eva, invite), "481 Call/Transaction Does Not Exist");
    await waitFor(isGone, 20_000);
    expect(await phase()).toBeDefined();
    expect(statusOf(await customerHangsUp())).toBe(200);
    eva.peer.answer(await eva.peer.request("BYE"), "481 Call/Transaction Does Not Exist");
    await side.settle(eva.api);
    await eva.api.delete("/api/session");
  });
});

describe("a station with several telephones", () => {
  it("[SG-2] is reached at the next one when the newest says nothing: what it answers later is ended", async () => {
    const living = await side.phone(FINN, "finn");
    const dead = await side.udp();
    expect(statusOf(await dead.askAs("REGISTER", FINN))).toBe(200);
    const { hangUp } = await side.call(living);
    const missed = await dead.request("INVITE");
    dead.answer(missed, "200 OK", ["Content-Type: application/sdp"], sdp(dead.address));
    dead.answer(await dead.request("BYE"), "200 OK");
    const { registrations } = (await side.dump()) as { registrations: { user: string; answers: boolean }[] };
    expect(registrations.filter(({ user }) => user === FINN.user).map(({ answers }) => answers)).toEqual([false, true]);
    expect(statusOf(await hangUp())).toBe(200);
    side.customer.answer(await side.customer.request("BYE"), "200 OK");
    await side.settle(living.api);
    await living.api.delete("/api/session");
    await living.peer.askAs("REGISTER", FINN, { contact: "*", headers: ["Expires: 0"] });
  });
});

describe("a telephone that wants a longer session", () => {
  it("[SG-4] is called again without a session timer", async () => {
    const finn = await side.phone(FINN, "finn");
    const refused = { status: "422 Session Interval Too Small", headers: ["Min-SE: 3600"] };
    const { invite, hangUp } = await side.call(finn, refused);
    expect(header(invite, "session-expires")).toBe("");
    expect(statusOf(await hangUp())).toBe(200);
  });
});
