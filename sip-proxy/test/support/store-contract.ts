import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type InteractionId, type WrapUpId } from "@legwork/shared/ids";
import type { SiteData, Store, WrapUpRecord } from "@legwork/shared/store";

const site: SiteData = {
  agents: [
    { id: brand("anna"), name: "Anna", role: "agent", extension: "2001", passwordHash: "h1" },
    { id: brand("bo"), name: "Bo", role: "admin", extension: null, passwordHash: "h2" },
  ],
  queues: [{ id: brand("support"), name: "Support", agents: [brand("anna"), brand("bo")] }],
  entryPoints: [{ id: brand("line"), name: "Line", number: "+4780010001", queue: brand("support") }],
  wrapUpReasons: [{ id: "resolved", label: "Resolved", labelNb: "Løst" }],
  idleReasons: [{ id: "break", label: "Break", labelNb: "Pause" }],
};

export const openWrapUp = (id: string, interaction: InteractionId): WrapUpRecord => ({
  id: brand<WrapUpId>(id),
  interaction,
  agent: brand("anna"),
  customerName: "Robert'); DROP TABLE wrap_ups;--",
  customerNumber: "+47",
  openedAt: 1_795_415_946_275,
  autoAt: 1_795_415_966_275,
  submitted: null,
});

/** What every adapter of the store must do. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`the store: ${name}`, () => {
    let store: Store;
    let interaction: InteractionId;
    let made = 0;
    beforeAll(async () => {
      store = await open();
    }, 60_000);
    beforeEach(() => {
      interaction = brand<InteractionId>(`i-${++made}`); // one database, and an interaction of its own for each test
    });
    afterAll(() => store.close());

    it("keeps the first site it is given, and gives it back whole", async () => {
      expect(await store.seed(site)).toEqual(site);
      expect(await store.seed({ ...site, agents: [] })).toEqual(site);
    });

    it("keeps each interaction's events in their order", async () => {
      await store.appendEvent(interaction, { seq: 1, event: { type: "mediaInForce", at: 1 } });
      await store.appendEvent(interaction, { seq: 2, event: { type: "timerFired", timer: "ring", at: 2 } });
      await store.appendEvent(brand("i-another"), { seq: 1, event: { type: "mediaFailed", at: 3 } });
      expect(await store.events(interaction)).toEqual([
        { seq: 1, event: { type: "mediaInForce", at: 1 } },
        { seq: 2, event: { type: "timerFired", timer: "ring", at: 2 } },
      ]);
      expect(await store.events(brand("i-unknown"))).toEqual([]);
    });

    it("refuses a second event with the same number: a log never changes", async () => {
      await store.appendEvent(interaction, { seq: 1, event: { type: "mediaInForce", at: 1 } });
      await expect(store.appendEvent(interaction, { seq: 1, event: { type: "mediaFailed", at: 2 } })).rejects.toThrow();
      expect(await store.events(interaction)).toEqual([{ seq: 1, event: { type: "mediaInForce", at: 1 } }]);
    });

    it("[WU-1] keeps a wrap-up open until it is submitted, hostile names and all", async () => {
      const open = openWrapUp("w-1", interaction);
      await store.saveWrapUp(open);
      expect(await store.openWrapUps()).toEqual([open]);
      const submitted: WrapUpRecord = {
        ...open,
        submitted: { at: 5, reason: "resolved", note: "ok ' \"", by: "agent" },
      };
      await store.saveWrapUp(submitted);
      expect(await store.openWrapUps()).toEqual([]);
      expect(await store.wrapUpsOf(interaction)).toEqual([submitted]);
    });

    it("answers many writers at once, each with its own", async () => {
      const ids = Array.from({ length: 50 }, (_, n) => brand<InteractionId>(`many-${n}`));
      await Promise.all(ids.map((id, at) => store.appendEvent(id, { seq: 1, event: { type: "mediaInForce", at } })));
      const logs = await Promise.all(ids.map((id) => store.events(id)));
      expect(logs.map(([first]) => first?.event.at)).toEqual(ids.map((_, n) => n));
    });
  });
}
