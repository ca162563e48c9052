import { beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type InteractionId, type LegId, type RequestId } from "@legwork/shared/ids";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { LoggedEvent } from "@legwork/shared/store";
import { InteractionLog } from "./interaction-log.js";

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};
const happened = (leg: string): InteractionEvent => ({ type: "legUp", leg: brand<LegId>(leg), at: 1 });
const asked = (request: string): InteractionEvent => ({
  type: "holdRequested",
  request: brand<RequestId>(request),
  by: null,
  at: 1,
});
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What each append does: `hangs` until it is let go. */
let how: "writes" | "fails" | "hangs";
let hanging: ((ok: boolean) => void)[];
let written: LoggedEvent[];
let timers: { ms: number; fire: () => void }[];
let log: InteractionLog;

beforeEach(() => {
  [how, hanging, written, timers] = ["writes", [], [], []];
  const appendEvent = async (_: InteractionId, logged: LoggedEvent): Promise<void> => {
    const ok = how === "hangs" ? await new Promise<boolean>((resolve) => hanging.push(resolve)) : how === "writes";
    if (!ok) throw new Error("full");
    written.push(logged);
  };
  const after = (ms: number, callback: () => void) => {
    const timer = { ms, fire: callback };
    timers.push(timer);
    return () => void (timers = timers.filter((one) => one !== timer));
  };
  log = new InteractionLog(brand("i"), { store: { appendEvent }, clock: { now: () => 9, after }, log: quiet });
});

const words = () =>
  written.map(({ seq, event: e }) => `${seq} ${"leg" in e ? e.leg : "request" in e ? `${e.type} ${e.request}` : ""}`);
const fire = (ms: number): void => {
  for (const timer of timers.filter((one) => one.ms === ms)) timer.fire();
};

describe("the event log of an interaction", () => {
  it("[CO-11] keeps what happened while it could not be written, in order before what follows, and not what was refused", async () => {
    how = "fails";
    expect([await log.add(happened("a")), await log.add(asked("one")), await log.add(happened("b"))]).toEqual([
      false,
      false,
      false,
    ]);
    how = "writes";
    expect(await log.add(asked("two"))).toBe(true);
    expect(words()).toEqual(["1 a", "2 b", "3 holdRequested two"]);
    expect(timers).toEqual([]);
  });

  it("tries again by itself", async () => {
    how = "fails";
    await log.add(happened("a"));
    how = "writes";
    fire(5_000);
    await settled();
    expect(words()).toEqual(["1 a"]);
    expect(timers).toEqual([]);
  });

  it("holds up nobody for longer than 2 s when the store hangs, and nobody at all after that", async () => {
    how = "hangs";
    const [first, second, third] = [log.add(happened("a")), log.add(happened("b")), log.add(asked("one"))];
    fire(2_000);
    expect(await Promise.all([first, second, third])).toEqual([false, false, false]);
    expect([await log.add(happened("c")), await log.add(asked("two"))]).toEqual([false, false]);
    how = "writes";
    hanging.pop()!(true);
    await settled();
    expect(words()).toEqual(["1 a", "2 b", "3 c"]);
    expect(await log.add(asked("three"))).toBe(true);
  });

  it("[CO-11] says of a request that was refused and written all the same that nothing came of it", async () => {
    how = "hangs";
    const request = log.add(asked("one"));
    fire(2_000);
    expect(await request).toBe(false);
    await log.add(happened("a"));
    how = "writes";
    hanging.pop()!(true);
    await settled();
    expect(words()).toEqual(["1 holdRequested one", "2 requestVoided one", "3 a"]);
  });

  it("forgets a request whose writing failed after nobody waited for it", async () => {
    how = "hangs";
    const request = log.add(asked("one"));
    fire(2_000);
    await request;
    how = "writes";
    hanging.pop()!(false);
    await settled();
    expect(await log.add(happened("a"))).toBe(true);
    expect(words()).toEqual(["1 a"]);
  });
});
