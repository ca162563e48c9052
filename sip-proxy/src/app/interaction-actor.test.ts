import { describe, expect, it } from "@jest/globals";
import { brand, type InteractionId, type LegId, type RequestId, type SeatId } from "@legwork/shared/ids";
import type { InteractionCommand } from "../domain/interaction-state.js";
import type { Media } from "../ports/media.js";
import { InteractionActor } from "./interaction-actor.js";

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};
const policy = {
  consultEnd: "end-interaction",
  consultReturn: "automatic",
  transferAccept: "automatic",
  seatLost: "queue",
} as const;
const [old, next] = [brand<LegId>("old"), brand<LegId>("next")];
const owner = brand<SeatId>("owner");
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A connected call whose event log is written when it is told to. */
async function connected(
  applyPlan: Media["applyPlan"] = () => new Promise(() => undefined),
): Promise<{ actor: InteractionActor; done: InteractionCommand[]; written(): Promise<void> }> {
  const done: InteractionCommand[] = [];
  const waiting: (() => void)[] = [];
  const written = async (): Promise<void> => {
    for (const one of waiting.splice(0)) one();
    await settled();
  };
  const media = { applyPlan, isOpen: () => true } as unknown as Media;
  const actor = new InteractionActor(
    brand<InteractionId>("i"),
    {
      store: { appendEvent: () => new Promise((resolve) => waiting.push(resolve)) },
      media,
      clock: { now: () => 1, after: () => () => undefined },
      policy,
      country: "NO",
      log: quiet,
    },
    { run: (command) => void done.push(command), accept: () => undefined, changed: () => undefined },
  );
  actor.post({
    type: "callArrived",
    seat: brand("customer"),
    leg: brand("customer"),
    number: "+47",
    name: "",
    entryPoint: brand("line"),
    queue: brand("support"),
  });
  actor.post({ type: "offerStarted", seat: owner, agent: brand("anna"), leg: old });
  actor.post({ type: "legAnswered", leg: old });
  while (actor.state?.phase !== "connected") await written();
  done.length = 0;
  return { actor, done, written };
}

describe("a call that is to go on at another telephone", () => {
  it.each([true, false])("[SG-3] goes on there if that one is there when its turn comes: %s", async (isThere) => {
    const { actor, done, written } = await connected();
    let stands = true;
    actor.post({ type: "legHeld", leg: brand("customer"), request: brand("first"), by: brand("customer") });
    const request = brand<RequestId>("second");
    actor.post({ type: "handOffRequested", named: old, leg: next, request, by: owner }, () => stands);
    stands = isThere;
    for (let n = 0; n < 3; n++) await written();
    const refused = { type: "refuseRequest", request, why: "not-in-this-phase" };
    const ended = { type: "endLeg", leg: old, cause: "moved" };
    expect(done).toContainEqual(isThere ? ended : refused);
    expect(done).not.toContainEqual(isThere ? refused : ended);
    expect(actor.state).toMatchObject({ owner: { wire: { leg: isThere ? next : old } } });
  });
});

describe("an un-hold that the media cannot carry out", () => {
  it("[CO-11] [HO-4] is refused once all is as it was before: the customer stays on hold, also in the plan that is sent next", async () => {
    const plans: { revision: number; customer: string | undefined }[] = [];
    let breaks = false;
    const { actor, done, written } = await connected((_, revision, plan) => {
      plans.push({ revision, customer: plan.get(brand<LegId>("customer"))?.kind });
      const failed = { ok: false, code: "unreachable", message: "gone" } as const;
      return Promise.resolve(breaks ? failed : { ok: true, value: null });
    });
    const [hold, unhold] = [brand<RequestId>("hold"), brand<RequestId>("unhold")];
    const last = () => plans.at(-1)!;
    actor.post({ type: "holdRequested", request: hold, by: owner });
    await written();
    actor.planInForce(last().revision);
    await written();
    expect(actor.state).toMatchObject({ hold: { kind: "in-force" } });
    breaks = true;
    actor.post({ type: "unholdRequested", request: unhold, by: owner });
    for (let n = 0; n < 3; n++) await written();
    expect(actor.state).toMatchObject({ phase: "connected", hold: { kind: "in-force" } });
    expect(actor.state).not.toHaveProperty("undo");
    expect(last().customer).toBe("music");
    expect(done).toContainEqual({ type: "refuseRequest", request: unhold, why: "media-failed" });
  });
});

describe("a report that waits for its turn", () => {
  it("is no news if what it tells of is no more by then: a timer that was stopped", async () => {
    const { actor, written } = await connected();
    const hold = brand<RequestId>("hold");
    actor.post({ type: "holdRequested", request: hold, by: owner });
    actor.post({ type: "timerFired", timer: "hold" }, () => false);
    for (let n = 0; n < 2; n++) await written();
    expect(actor.state).toMatchObject({ hold: { kind: "starting" } });
  });
});
