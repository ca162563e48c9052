import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Command, InteractionView, Session, Target } from "@legwork/shared/api";
import { CallPanelError } from "@legwork/shared/call-panel";
import type { StreamListener } from "../api-client/index.js";
import { sampleAudio } from "../gallery/sample-audio.js";
import type { LegView } from "../model/leg-view.js";
import { connected, consulting, desktopWith, established } from "../model/testing.js";
import { Panel } from "./index.js";
import { AT_DESK_PHONE, scriptedApi, scriptedMute, ScriptedPhone, SESSION } from "./testing.js";

let phone: ScriptedPhone;
let stream: StreamListener;
let posted: Command[];
let placed: Target[];
let panel: Panel;
let loseTab: () => void;

const bjorn = { kind: "agent", agent: "bjorn" } as const;

async function signIn(session: Session): Promise<void> {
  posted = [];
  placed = [];
  panel = new Panel({
    api: {
      ...scriptedApi(session),
      placeCall: async (target) => void placed.push(target),
      command: async (_interaction, command) => void posted.push(command),
    },
    audio: sampleAudio(),
    tab: {
      claim: (lost) => void (loseTab = lost),
      release: () => undefined,
      watch: () => undefined,
      close: () => undefined,
    },
    keptMute: scriptedMute(),
    openStream: (listener) => {
      stream = listener;
      return { start: () => listener.linkChanged(true), stop: () => undefined };
    },
    makePhone: async (_account, events) => (phone = new ScriptedPhone(events)),
  });
  await panel.signIn({ agent: "anna", password: "p", station: session.station, takeOver: false });
}

const show = (interaction: InteractionView | null) => stream.desktop(desktopWith(interaction));

/** The agent is in a call: one leg, as the server sees it too. */
function inCall(...legs: LegView[]): void {
  phone.events.linkChanged(true);
  show(connected());
  phone.legs = legs.length > 0 ? legs : [established("a", "incoming")];
  phone.events.legsChanged(phone.legs);
  phone.log.length = 0;
}

const A = established("a", "incoming");
const B = established("b", "outgoing");
// The timer that would un-hold later is stopped with the session.
afterEach(() => panel.signOut());

const sent = () => phone.log.filter((step) => !step.startsWith("keep"));
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the call panel", () => {
  beforeEach(() => signIn(SESSION));

  it("[CO-2] calls nobody when the customer could not be put on hold", async () => {
    inCall();
    phone.failing.set("hold a", new CallPanelError("hold-failed", "503"));
    await expect(panel.consult(bjorn)).rejects.toMatchObject({ code: "hold-failed" });
    expect(phone.log).toEqual(["hold a"]);
    expect(panel.state.pending).toEqual([]);
  });

  it("[CO-14] dials a queue or an entry point by its id, when the customer is on hold", async () => {
    inCall();
    await panel.consult({ kind: "queue", queue: "second" });
    expect(phone.log).toEqual(["hold a", "invite second"]);
    inCall({ ...A, held: true });
    await panel.consult({ kind: "entry-point", entryPoint: "second-line" });
    expect(phone.log).toEqual(["invite second-line"]);
  });

  it("[OB-1] calls with an INVITE of its own, and cancels that while nobody has answered", async () => {
    phone.events.linkChanged(true);
    await panel.placeCall({ kind: "number", number: "+47 99 88 77 66:1" });
    show({ ...connected(), phase: "dialling", legs: [{ side: "customer", callId: "b" }] });
    await panel.end();
    expect(sent()).toEqual(["start", "invite +4799887766:1", "hang up b"]);
    expect([posted, placed]).toEqual([[], []]);
  });

  it("[BT-1] asks the server for a blind transfer and for the way back, and sends no SIP", async () => {
    inCall();
    await panel.blindTransfer(bjorn);
    show({ ...connected(), phase: "transferring" });
    await panel.backToCustomer();
    expect(posted).toEqual([{ type: "blind-transfer", target: bjorn }, { type: "back-to-customer" }]);
    expect(sent()).toEqual([]);
  });

  it("[BT-1] un-holds the customer who comes back and was on hold before the transfer", async () => {
    inCall({ ...A, held: true });
    show({ ...connected(), phase: "transferring" });
    show(connected());
    await settled();
    expect(phone.log).toContain("unhold a");
  });

  it("[CO-5] says that the other did not want the customer when that is why the REFER failed", async () => {
    const question = { stage: "asked", until: "2026-01-01T12:00:20.000Z" } as const;
    const asking = { ...consulting("answered", "consult"), phase: "transferring", transfer: question } as const;
    inCall({ ...A, held: true }, B);
    show(consulting("answered", "consult"));
    phone.failing.set("refer a replacing b", new CallPanelError("unavailable", "503"));
    let answered = () => undefined as void;
    phone.waiting.set("refer a replacing b", new Promise((resolve) => (answered = resolve)));
    const transfer = panel.transfer();
    await settled();
    show(asking);
    show(consulting("answered", "consult"));
    answered();
    await expect(transfer).rejects.toMatchObject({ code: "transfer-declined" });
    phone.waiting.clear();
    await expect(panel.transfer()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("[CO-5] sends the answer of the consulted party to the server", async () => {
    inCall();
    await panel.acceptTransfer();
    await panel.declineTransfer();
    expect(posted).toEqual([{ type: "accept-transfer" }, { type: "decline-transfer" }]);
  });

  it("[CO-8] calls nobody when the consult was called off while the customer was being put on hold", async () => {
    inCall();
    let held = () => undefined as void;
    phone.waiting.set("hold a", new Promise((resolve) => (held = resolve)));
    const consult = panel.consult(bjorn);
    await settled();
    await panel.backToCustomer();
    held();
    await consult;
    expect(phone.log.filter((step) => step.startsWith("invite"))).toEqual([]);
  });

  it("[CO-9] un-holds the customer when the consult ended by itself", async () => {
    inCall({ ...A, held: true });
    show(consulting("ringing", "none"));
    expect(phone.log).not.toContain("unhold a");
    show(connected());
    await settled();
    expect(phone.log).toContain("unhold a");
  });

  it("[HO-3] does not undo a hold because of news from before it", async () => {
    inCall();
    await panel.hold();
    show(connected()); // sent before the hold was in force
    await settled();
    expect(phone.log.filter((step) => step.startsWith("unhold"))).toEqual([]);
  });

  it("[CF-1] un-holds the customer dialog only when the focus has taken the call in", async () => {
    inCall({ ...A, held: true }, B);
    show(consulting("answered", "consult"));
    phone.log.length = 0;
    await panel.conference();
    expect(phone.log).toEqual(["refer b to focus", "unhold a"]);
  });

  it("[CO-4] leaves everything as it was when the transfer failed", async () => {
    inCall({ ...A, held: true }, B);
    show(consulting("answered", "consult"));
    phone.log.length = 0;
    phone.failing.set("refer a replacing b", new CallPanelError("media-failed", "503"));
    await expect(panel.transfer()).rejects.toMatchObject({ code: "media-failed" });
    expect(phone.log).toEqual(["refer a replacing b"]);
  });

  it("does one command after the other, but ends the call at once", async () => {
    inCall();
    let held = () => undefined as void;
    phone.waiting.set("hold a", new Promise((resolve) => (held = resolve)));
    const commands = [panel.hold(), panel.unhold()];
    await settled();
    expect(phone.log).toEqual(["hold a"]);
    await panel.end();
    expect(phone.log).toEqual(["hold a", "hang up a"]);
    held();
    await Promise.allSettled(commands);
  });

  it("[AG-2] says nothing about the calls when another desktop has taken over", async () => {
    inCall();
    stream.signedOut("taken-over");
    await settled();
    expect(phone.log).toContain("close");
    expect(panel.state.connection).toEqual({ kind: "signed-out", why: "taken-over" });
  });

  it("[AG-2] [DF-11] says why there is no session any more, unless it was the agent who ended it", async () => {
    stream.signedOut(undefined);
    expect(panel.state.connection).toEqual({ kind: "signed-out", why: "unknown" });
    await signIn(SESSION);
    stream.signedOut("signed-out"); // in another tab of this browser
    expect(panel.state.connection).toEqual({ kind: "signed-out", why: null });
  });

  it("[AG-2] [DF-11] gives the phone to another tab of the browser without a word, and takes it back", async () => {
    inCall();
    loseTab();
    await settled();
    expect(phone.log).toEqual(["close"]);
    expect(panel.state.connection).toEqual({ kind: "signed-out", why: "other-tab" });
    await panel.restore();
    expect(phone.log).toEqual(["start"]);
  });

  it("[DF-11] tells its hosts of calls and notices by name, each listener for itself, until it stops listening", async () => {
    const told: string[] = [];
    const stop = panel.on("call-started", ({ call }) => told.push(`started ${call.customer.name}`));
    panel.on("call-ended", ({ call }) => told.push(`ended ${call.id}, now ${panel.state.desktop?.interaction}`));
    panel.on("notice", ({ kind }) => told.push(kind));
    show(connected());
    show(null);
    stop();
    show(connected());
    stream.notice({ kind: "customer-left", interaction: "i1", who: null, at: "2026-01-01T12:00:00.000Z" });
    expect(told).toEqual(["started Ingrid", "ended i1, now null", "customer-left"]);
  });

  it("refuses a command when there is no call", async () => {
    show(null);
    await expect(panel.hold()).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("the call panel at a desk phone", () => {
  it("[AG-2] sends every command to the server", async () => {
    await signIn(AT_DESK_PHONE);
    const desktop = desktopWith(connected());
    stream.desktop({ ...desktop, station: { kind: "extension", registered: true } });
    await panel.consult(bjorn);
    await panel.hold();
    expect(posted).toEqual([{ type: "consult", target: bjorn }, { type: "hold" }]);
    await expect(panel.accept()).rejects.toMatchObject({ code: "not-found" });
  });

  it("[OB-1] [IN-1] asks the server for a call of the agent's own", async () => {
    await signIn(AT_DESK_PHONE);
    await panel.placeCall(bjorn);
    expect(placed).toEqual([bjorn]);
  });
});
