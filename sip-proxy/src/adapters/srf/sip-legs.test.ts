import { EventEmitter } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { brand, type InteractionId, type LegId } from "@legwork/shared/ids";
import { SipLegs, type SipLegsDeps } from "./sip-legs.js";
import type { SrfRequest, SrfResponse } from "./srf-api.js";

const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
};

class Dialog extends EventEmitter {
  connected = true;
  readonly sip = { callId: "c", localTag: "l", remoteTag: "r" };
  destroy = (): Promise<void> => {
    this.connected = false;
    return Promise.resolve();
  };
}

/** Legs that were answered, in the interactions named. */
async function answered(...interactions: readonly InteractionId[]): Promise<{ legs: SipLegs; dialogs: Dialog[] }> {
  const dialogs: Dialog[] = [];
  const createUAS = (): Promise<Dialog> => Promise.resolve(dialogs[dialogs.push(new Dialog()) - 1]!);
  const legs = new SipLegs({
    srf: { createUAS },
    media: { closeLeg: () => undefined },
    conversations: { report: () => undefined },
    log,
    domain: "calls.test",
    over: () => undefined,
  } as unknown as SipLegsDeps);
  const req = Object.assign(new EventEmitter(), { body: "v=0", get: () => undefined }) as unknown as SrfRequest;
  for (const [n, interaction] of interactions.entries()) {
    const leg = {
      id: brand<LegId>(`leg-${n}`),
      interaction,
      transport: "rtp",
      account: null,
      initiator: true,
    } as const;
    legs.invited(leg, { req, res: {} as SrfResponse, answer: "v=0" });
    legs.answer(leg.id);
  }
  await settled();
  return { legs, dialogs };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("dialogs whose party has been joined to a conference", () => {
  it("[CO-6] wait to be referred, and end with the interaction at the latest", async () => {
    const [one, two] = [brand<InteractionId>("one"), brand<InteractionId>("two")];
    const { legs, dialogs } = await answered(one, two);
    for (const leg of ["leg-0", "leg-1"]) legs.end(brand<LegId>(leg), "in-focus");
    await settled();
    expect(dialogs.map(({ connected }) => connected)).toEqual([true, true]);
    legs.closeInteraction(one);
    await settled();
    expect(dialogs.map(({ connected }) => connected)).toEqual([false, true]);
    legs.closeInteraction(two);
    await settled();
    expect(dialogs.map(({ connected }) => connected)).toEqual([false, false]);
    expect(legs.dump()).toMatchObject({ legs: [] });
  });
});
