import { beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { CallPart, WrapUpRecord } from "@legwork/shared/store";
import { CallHistory } from "./call-history.js";

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};
const anna = brand<AgentId>("anna");
const call = brand<InteractionId>("i-1");
const EVENTS = [
  {
    type: "callArrived",
    seat: "c",
    leg: "customer",
    number: "+47",
    name: "Kari",
    entryPoint: "main",
    queue: "support",
  },
  { type: "offerStarted", seat: "s-anna", agent: "anna", leg: "anna" },
  { type: "legAnswered", leg: "anna" },
  { type: "endRequested", request: "q", by: "s-anna" },
  { type: "legEnded", leg: "customer" },
].map((event, n) => ({ ...event, at: n + 1 }) as InteractionEvent);

const stubPart = {
  call,
  agent: anna,
  direction: "in",
  role: "internal",
  other: { label: "Bo", agent: null, number: null },
  about: null,
  from: null,
  queue: null,
  entryPoint: null,
  answered: null,
  consults: [],
} as const;

describe("the call history", () => {
  let stored: CallPart[];
  let changed: AgentId[];
  let broken: { parts: boolean; events: boolean; names: boolean };
  let timers: (() => void)[];
  let inStore: (from: number, to: number, limit: number) => Promise<readonly CallPart[]>;
  let history: CallHistory;

  beforeEach(() => {
    [stored, changed, timers, broken] = [[], [], [], { parts: false, events: false, names: false }];
    inStore = () => Promise.resolve([]);
    const failing = async (fails: boolean): Promise<void> => {
      if (fails) throw new Error("the disk is full");
    };
    const queueName = (queue: string): string => {
      if (broken.names) throw new Error("no such queue");
      return queue;
    };
    history = new CallHistory({
      store: {
        appendEvent: () => failing(broken.events),
        saveWrapUp: () => Promise.resolve(),
        openWrapUps: () => Promise.resolve([]),
        events: () => Promise.resolve([]),
        wrapUpsBy: () => Promise.resolve([]),
        saveCallPart: async (part) => {
          await failing(broken.parts);
          stored.push(part);
        },
        openCallParts: () => Promise.resolve([]),
        callParts: (_agent, { from, limit, to }) => inStore(from, to, limit),
        callPartsIn: () => Promise.resolve([]),
      },
      policy: {
        consultEnd: "end-interaction",
        consultReturn: "automatic",
        transferAccept: "automatic",
        seatLost: "queue",
      },
      names: { nameOf: (a) => a, queueName, entryPointName: (e) => e },
      site: { wrapUpReasons: [] },
      timeZone: "Europe/Oslo",
      clock: {
        now: () => 1,
        after: (_ms, callback) => {
          timers.push(callback);
          return () => undefined;
        },
      },
      log: quiet,
      changed: (agent) => void changed.push(agent),
    });
  });

  const append = (...types: InteractionEvent["type"][]): Promise<unknown> =>
    Promise.allSettled(
      EVENTS.filter((e) => types.includes(e.type)).map((event, n) => history.appendEvent(call, { seq: n + 1, event })),
    );
  /** Saves go on by themselves, each after the one before. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it("[DF-10] stores an answered call at once, and says that it is another when it has ended", async () => {
    await append("callArrived", "offerStarted", "legAnswered");
    await settled();
    expect(stored).toMatchObject([{ id: "s-anna", answered: 3, end: null }]);
    expect([changed, history.revisionOf(anna)]).toEqual([[], 0]);
    await append("legEnded");
    await settled();
    expect(stored).toMatchObject([{ end: null }, { end: { at: 5, outcome: "answered" } }]);
    expect([changed, history.revisionOf(anna)]).toEqual([[anna], 1]);
  });

  it("[DF-10] stores later what cannot be stored now, the newest of it once", async () => {
    broken.parts = true;
    await append("callArrived", "offerStarted", "legAnswered", "legEnded");
    await settled();
    expect([stored.length, timers.length]).toEqual([0, 1]);
    timers.pop()!();
    await settled();
    expect([stored.length, timers.length]).toEqual([0, 1]);
    broken.parts = false;
    timers.pop()!();
    await settled();
    expect(stored).toMatchObject([{ end: { outcome: "answered" } }]);
    expect(history.revisionOf(anna)).toBe(1);
  });

  it("[DF-10] follows what happened once the event log can be written again, and not what was refused for it", async () => {
    await append("callArrived", "offerStarted", "legAnswered");
    broken.events = true;
    const [, , , request, report] = EVENTS;
    await expect(history.appendEvent(call, { seq: 4, event: request! })).rejects.toThrow("full");
    await settled();
    expect(stored.at(-1)?.end).toBeNull();
    await expect(history.appendEvent(call, { seq: 4, event: report! })).rejects.toThrow("full");
    await settled();
    expect(stored.at(-1)?.end).toBeNull();
    broken.events = false;
    await history.appendEvent(call, { seq: 4, event: report! });
    await settled();
    expect(stored.at(-1)?.end).toEqual({ at: 5, outcome: "answered", transferredTo: null });
  });

  it("[DF-10] leaves out a call it cannot follow, and what was appended stays appended", async () => {
    await append("callArrived");
    broken.names = true;
    await expect(history.appendEvent(call, { seq: 2, event: EVENTS[1]! })).resolves.toBeUndefined();
    broken.names = false;
    expect(await append("legAnswered", "legEnded")).toEqual([
      { status: "fulfilled", value: undefined },
      { status: "fulfilled", value: undefined },
    ]);
    await settled();
    expect(stored).toEqual([]);
    const other = brand<InteractionId>("i-2");
    for (const [n, event] of EVENTS.entries()) await history.appendEvent(other, { seq: n + 1, event });
    await settled();
    expect(stored.at(-1)).toMatchObject({ call: other, end: { outcome: "answered" } });
  });

  it("[DF-10] [WU-1] is another when a wrap-up was submitted, not when it was opened", async () => {
    const open = { agent: anna, draft: null, submitted: null } as WrapUpRecord;
    await history.saveWrapUp(open);
    expect(changed).toEqual([]);
    await history.saveWrapUp({ ...open, submitted: { at: 1, reason: "resolved", note: "", by: "server" } });
    expect(changed).toEqual([anna]);
  });

  it("[DF-10] puts all that began in the same millisecond on the same page", async () => {
    const ended = { at: 9, outcome: "answered", transferredTo: null } as const;
    const parts = ["e", "d", "c", "b", "a"].map((id, n) => ({
      ...stubPart,
      id,
      began: n < 1 ? 8 : n < 4 ? 7 : 6,
      end: ended,
    }));
    const found = parts as unknown as CallPart[];
    inStore = async (from, to, limit) => found.filter((p) => p.began >= from && p.began < to).slice(0, limit);
    const page = await history.of(anna, { from: new Date(0).toISOString(), to: new Date(10).toISOString(), limit: 2 });
    expect([page.entries.map(({ id }) => id), page.more]).toEqual([["e", "d", "c", "b"], true]);
    const next = await history.of(anna, { from: new Date(0).toISOString(), to: page.entries.at(-1)!.began, limit: 2 });
    expect([next.entries.map(({ id }) => id), next.more]).toEqual([["a"], false]);
  });
});
