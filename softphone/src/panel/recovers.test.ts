import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Command, Session } from "@legwork/shared/api";
import { CallPanelError } from "@legwork/shared/call-panel";
import type { StreamListener } from "../api-client/index.js";
import { sampleAudio } from "../gallery/sample-audio.js";
import { connected, desktopWith, established } from "../model/testing.js";
import { Panel } from "./index.js";
import { AT_DESK_PHONE, scriptedApi, scriptedMute, ScriptedPhone, SESSION } from "./testing.js";

const OFFLINE = new CallPanelError("offline", "no answer");
const notSignedIn = (ended?: "idle") => new CallPanelError("not-signed-in", "401", ended);

let stream: StreamListener;
let phone: ScriptedPhone;
let phoneLoads: () => Promise<void>;
let open: Set<string>;
let keptMute: ReturnType<typeof scriptedMute>;
let panel: Panel;

function make(session: Session, api: Partial<ReturnType<typeof scriptedApi>> = {}): Panel {
  open = new Set(["audio"]);
  panel = new Panel({
    api: { ...scriptedApi(session), ...api },
    audio: { ...sampleAudio(), close: () => void open.delete("audio") },
    tab: {
      claim: () => void open.add("tab"),
      release: () => void open.delete("tab"),
      watch: () => void open.add("watch"),
      close: () => void [open.delete("tab"), open.delete("watch")],
    },
    keptMute,
    openStream: (listener) => {
      stream = listener;
      return {
        start: () => [open.add("stream"), listener.linkChanged(true)],
        stop: () => void open.delete("stream"),
      };
    },
    makePhone: async (_account, events) => {
      await phoneLoads();
      return (phone = new ScriptedPhone(events));
    },
  });
  return panel;
}

beforeEach(() => {
  keptMute = scriptedMute();
  phoneLoads = async () => undefined;
});
afterEach(() => panel.close());

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a page that comes back", () => {
  it("[DF-11] leads to the sign-in form only when there is no session, and tries again while nobody answers", async () => {
    const answers = [OFFLINE, new CallPanelError("unavailable", "HTTP 502"), SESSION];
    const session = jest.fn(async () => {
      const answer = answers.shift() as Session | CallPanelError;
      if (answer instanceof CallPanelError) throw answer;
      return answer;
    });
    const kinds: string[] = [];
    make(SESSION, { session }).subscribe(({ connection }) => kinds.push(connection.kind));
    await panel.restore();
    expect(session).toHaveBeenCalledTimes(3);
    expect(kinds.filter((kind, at) => kind !== kinds[at - 1])).toEqual(["connecting", "lost", "connecting"]);
    await make(SESSION, { session: () => Promise.reject(notSignedIn("idle")) }).restore();
    expect(panel.state.connection).toEqual({ kind: "signed-out", why: "idle" });
  });

  it("[DF-11] loads a part of itself again that could not be loaded, and is never signed out meanwhile", async () => {
    const kinds = new Set<string>();
    make(SESSION).subscribe(({ connection }) => kinds.add(connection.kind));
    let tries = 0;
    phoneLoads = () => (tries++ === 0 ? Promise.reject(new TypeError("no such chunk")) : Promise.resolve());
    await panel.restore();
    expect([tries, phone.log, kinds.has("signed-out")]).toEqual([2, ["start"], false]);
    expect([...open]).toEqual(["audio", "tab", "stream"]);
  });

  it("[SE-1] is muted in its call from the first moment, and not in the next", async () => {
    keptMute = scriptedMute("i1");
    await make(SESSION).restore();
    expect(phone.log).toEqual(["mute true", "start"]);
    stream.desktop(desktopWith(connected()));
    phone.legs = [established("a", "incoming")];
    phone.events.legsChanged(phone.legs);
    expect([panel.state.muted, keptMute.kept]).toEqual([true, "i1"]);
    stream.desktop(desktopWith(null));
    expect([panel.state.muted, keptMute.kept, phone.log.at(-1)]).toEqual([false, null, "mute false"]);
  });

  it("[SE-1] keeps what was muted, and when another tab goes on with the call", async () => {
    await make(SESSION).restore();
    await expect(panel.mute(true)).rejects.toMatchObject({ code: "not-found" }); // no call
    stream.desktop(desktopWith(connected()));
    await panel.mute(true);
    stream.signedOut("taken-over");
    expect(keptMute.kept).toBe("i1");
  });
});

describe("a session that the server does not know any more", () => {
  it.each([
    ["a command", () => panel.setState({ kind: "available" })],
    ["a list", () => panel.listAgents()],
    ["a draft", () => panel.draftWrapUp("w1", "solved", "")],
  ])("[AG-2] [DF-11] is over here as well when %s is refused for it, with the reason", async (_, ask) => {
    const refuse = () => Promise.reject(notSignedIn("idle"));
    await make(SESSION, { setState: refuse, agents: refuse, draftWrapUp: refuse }).restore();
    await expect(ask()).rejects.toMatchObject({ code: "not-signed-in" });
    expect(panel.state.connection).toEqual({ kind: "signed-out", why: "idle" });
    expect([...open]).toEqual(["audio"]);
  });
});

describe("keypad digits", () => {
  it("[MX-4] [AG-2] go to the server one after the other at a desk phone, in their order, past one that failed", async () => {
    const digits: string[] = [];
    const answers: (() => void)[] = [];
    const command = async (_: string, sent: Command) => {
      if (sent.type !== "dtmf") return;
      digits.push(sent.digits);
      await new Promise<void>((resolve, reject) => answers.push(sent.digits === "2" ? () => reject(OFFLINE) : resolve));
    };
    await make(AT_DESK_PHONE, { command }).restore();
    stream.desktop({ ...desktopWith(connected()), station: { kind: "extension", registered: true } });
    const all = Promise.allSettled(["1", "2", "3"].map((digit) => panel.sendDigits(digit)));
    await settled();
    expect(digits).toEqual(["1"]);
    for (let next = answers.shift(); next; next = answers.shift()) {
      next();
      await settled();
    }
    expect(digits).toEqual(["1", "2", "3"]);
    expect((await all).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});

describe("a panel that is closed", () => {
  it("[DF-11] leaves nothing in the page, tells nobody anything, and does not end the session", async () => {
    const signOut = jest.fn(async () => undefined);
    await make(SESSION, { signOut }).restore();
    const heard = jest.fn();
    panel.subscribe(heard);
    panel.on("notice", heard);
    await panel.close();
    stream.notice({ kind: "customer-left", interaction: "i1", who: null, at: "2026-01-01T12:00:00.000Z" });
    expect([[...open], phone.log.at(-1), heard.mock.calls.length, signOut.mock.calls.length]).toEqual([
      [],
      "close",
      0,
      0,
    ]);
    await panel.restore();
    await expect(
      panel.signIn({ agent: "anna", password: "p", station: { kind: "browser" }, takeOver: false }),
    ).rejects.toMatchObject({ code: "unavailable" });
  });

  it("[DF-11] stops trying to reach the server", async () => {
    const session = jest.fn(() => Promise.reject(OFFLINE));
    const restoring = make(SESSION, { session }).restore();
    await settled();
    await panel.close();
    await restoring;
    expect(session).toHaveBeenCalledTimes(1);
  });
});
