import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import {
  brand,
  type AgentId,
  type EntryPointId,
  type InteractionId,
  type QueueId,
  type WrapUpId,
} from "@legwork/shared/ids";
import type {
  AgentRecord,
  AuditEntry,
  CallPart,
  SiteChange,
  SiteData,
  Store,
  WrapUpRecord,
} from "@legwork/shared/store";

const agent = (id: string, name: string, more: Partial<AgentRecord> = {}): AgentRecord => ({
  id: brand<AgentId>(id),
  name,
  role: "agent",
  extension: null,
  disabled: false,
  passwordHash: `hash of ${id}`,
  phoneHa1: null,
  ...more,
});

export const storedSite: SiteData = {
  agents: [
    agent("anna", "Anna", { extension: "2001", phoneHa1: { realm: "calls.test", md5: "m", sha256: "s" } }),
    agent("bo", "Bo", { role: "admin" }),
  ],
  queues: [{ id: brand("support"), name: "Support", agents: [brand("anna"), brand("bo")] }],
  entryPoints: [{ id: brand("line"), name: "Line", number: "+4780010001", queue: brand("support") }],
  wrapUpReasons: [{ id: "resolved", label: "Resolved", labelNb: "Løst" }],
  idleReasons: [{ id: "break", label: "Break", labelNb: "Pause" }],
  experts: [{ id: "ingrid", name: "Ingrid", role: "Actuary", department: "Pensions", number: "+4722334455" }],
  dialNumbers: [{ id: "taxi", name: "Taxi", number: "02323" }],
};

/** By whom and when does not matter to the store. */
const entry = (action: AuditEntry["action"], kind: AuditEntry["kind"], subject: string): AuditEntry => ({
  at: 1_795_415_946_275,
  who: "bo",
  action,
  kind,
  subject,
  before: null,
  after: { name: "Robert'); DROP TABLE audit;--" },
});

export const openWrapUp = (id: string, interaction: InteractionId): WrapUpRecord => ({
  id: brand<WrapUpId>(id),
  interaction,
  agent: brand("anna"),
  customerName: "Robert'); DROP TABLE wrap_ups;--",
  customerNumber: "+47",
  openedAt: 1_795_415_946_275,
  autoAt: 1_795_415_966_275,
  draft: null,
  submitted: null,
});

const ownCall: CallPart = {
  id: "",
  call: brand("i-1"),
  agent: brand("anna"),
  direction: "in",
  role: "owner",
  other: { label: "Robert'); DROP TABLE call_parts;--", agent: null, number: "+4799887766" },
  about: null,
  from: { label: "Bo", agent: brand("bo"), number: null },
  queue: "Support",
  entryPoint: null,
  began: 1,
  answered: 2,
  consults: [
    {
      with: { label: "Cem", agent: brand("cem"), number: null },
      kind: "agent",
      began: 3,
      answered: null,
      ended: 4,
      conference: false,
    },
  ],
  end: null,
};

/** What every adapter of the store must do. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`the store: ${name}`, () => {
    let store: Store;
    let interaction: InteractionId;
    let made = 0;
    beforeAll(async () => {
      store = await open();
    }, 180_000); // the first one makes a database
    beforeEach(() => {
      interaction = brand<InteractionId>(`i-${++made}`); // one database, and an interaction of its own for each test
    });
    afterAll(() => store.close());

    it("keeps the first site it is given, and gives it back whole", async () => {
      expect(await store.seed(storedSite)).toEqual(storedSite);
      expect(await store.seed({ ...storedSite, agents: [] })).toEqual(storedSite);
    });

    it("[DI-1] keeps every kind of change, each with what the audit log says of it", async () => {
      await store.seed(storedSite);
      const changes: SiteChange[] = [
        { op: "put", kind: "agents", record: agent("cem", "Cem", { extension: "2003", disabled: true }) },
        { op: "put", kind: "agents", record: agent("anna", "Anna B") },
        { op: "put", kind: "queues", record: { id: brand("sales"), name: "Sales", agents: [brand("cem")] } },
        { op: "put", kind: "queues", record: { id: brand("support"), name: "Help", agents: [brand("anna")] } },
        {
          op: "put",
          kind: "entryPoints",
          record: { id: brand("line"), name: "Line", number: "1", queue: brand("sales") },
        },
        { op: "put", kind: "wrapUpReasons", record: { id: "sold", label: "Sold", labelNb: "Solgt" } },
        { op: "put", kind: "idleReasons", record: { id: "break", label: "Coffee", labelNb: "Kaffe" } },
        { op: "remove", kind: "wrapUpReasons", id: "resolved" },
        { op: "put", kind: "experts", record: { id: "ingrid", name: "I", role: "", department: "", number: null } },
        { op: "put", kind: "dialNumbers", record: { id: "police", name: "Police", number: "02800" } },
        { op: "remove", kind: "dialNumbers", id: "taxi" },
        { op: "remove", kind: "agents", id: "cem" },
      ];
      for (const change of changes) {
        const subject = change.op === "put" ? change.record.id : change.id;
        await store.change(change, entry(change.op === "put" ? "changed" : "removed", change.kind, subject));
      }
      expect(await store.seed(storedSite)).toEqual({
        agents: [agent("anna", "Anna B"), agent("bo", "Bo", { role: "admin" })],
        queues: [
          { id: "support", name: "Help", agents: ["anna"] },
          { id: "sales", name: "Sales", agents: [] },
        ],
        entryPoints: [{ id: "line", name: "Line", number: "1", queue: "sales" }],
        wrapUpReasons: [{ id: "sold", label: "Sold", labelNb: "Solgt" }],
        idleReasons: [{ id: "break", label: "Coffee", labelNb: "Kaffe" }],
        experts: [{ id: "ingrid", name: "I", role: "", department: "", number: null }],
        dialNumbers: [{ id: "police", name: "Police", number: "02800" }],
      });
      const log = await store.auditLog(null, 100);
      expect(log.map((e) => e.subject).reverse()).toEqual(changes.map((c) => (c.op === "put" ? c.record.id : c.id)));
    });

    it("[DI-1] writes neither the change nor the entry when one of the two cannot be written", async () => {
      const before = await store.seed(storedSite);
      const log = await store.auditLog(null, 1);
      const toNowhere = { id: brand<EntryPointId>("x"), name: "X", number: "77", queue: brand<QueueId>("nowhere") };
      const change: SiteChange = { op: "put", kind: "entryPoints", record: toNowhere };
      await expect(store.change(change, entry("added", "entryPoints", "x"))).rejects.toThrow();
      const renamed: SiteChange = { op: "put", kind: "agents", record: agent("bo", "Robert", { role: "admin" }) };
      const unwritable = { ...entry("changed", "agents", "bo"), subject: null as unknown as string };
      await expect(store.change(renamed, unwritable)).rejects.toThrow();
      expect(await store.seed(storedSite)).toEqual(before);
      expect(await store.auditLog(null, 1)).toEqual(log);
    });

    it("[DI-1] gives the audit log back newest first, from any entry on", async () => {
      for (const n of [1, 2, 3, 4, 5]) await store.audit(entry("signed-in", "session", `agent-${n}`));
      const newest = await store.auditLog(null, 2);
      expect(newest).toMatchObject([
        { ...entry("signed-in", "session", "agent-5") },
        { ...entry("signed-in", "session", "agent-4") },
      ]);
      expect((await store.auditLog(newest[1]!.id, 2)).map((e) => e.subject)).toEqual(["agent-3", "agent-2"]);
      expect(await store.auditLog(1, 5)).toEqual([]);
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

    it("finds interactions by their beginnings, the newest first", async () => {
      const first = (await store.firstEvents(null, 1))[0]?.interaction ?? null;
      const ids = ["a", "b", "c"].map((name) => brand<InteractionId>(`${interaction}-${name}`));
      for (const [at, id] of ids.entries()) {
        await store.appendEvent(id, { seq: 1, event: { type: "mediaInForce", at } });
        await store.appendEvent(id, { seq: 2, event: { type: "mediaFailed", at } });
      }
      const [a, b, c] = ids.map((id, at) => ({ interaction: id, event: { type: "mediaInForce", at } }));
      expect(await store.firstEvents(null, 2)).toEqual([c, b]);
      expect((await store.firstEvents(b!.interaction, 2)).map((e) => e.interaction)).toEqual(
        first === null ? [a!.interaction] : [a!.interaction, first],
      );
      expect(await store.firstEvents(brand("i-unknown"), 2)).toEqual([]);
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

    it("[WU-1] keeps what is typed into an open wrap-up, until it is submitted", async () => {
      const draft: WrapUpRecord = { ...openWrapUp("w-2", interaction), draft: { reason: "sold", note: "so f" } };
      await store.saveWrapUp(draft);
      expect(await store.openWrapUps()).toEqual([draft]);
      const submitted: WrapUpRecord = {
        ...draft,
        draft: null,
        submitted: { at: 5, reason: "sold", note: "so far", by: "server" },
      };
      await store.saveWrapUp(submitted);
      expect([await store.openWrapUps(), await store.wrapUpsOf(interaction)]).toEqual([[], [submitted]]);
    });

    it("gives back an agent's own wrap-ups of the calls that are asked for", async () => {
      const other = brand<InteractionId>(`${interaction}-other`);
      const mine = [openWrapUp(`w-${interaction}`, interaction), openWrapUp(`w-${other}`, other)];
      const hers: WrapUpRecord = { ...openWrapUp(`w-${interaction}-bo`, interaction), agent: brand("bo") };
      for (const wrapUp of [...mine, hers]) await store.saveWrapUp(wrapUp);
      expect(await store.wrapUpsBy(brand("anna"), [interaction])).toEqual([mine[0]]);
      expect(await store.wrapUpsBy(brand("anna"), [])).toEqual([]);
    });

    it("keeps what agents had to do with calls, each on its own, and finds it by time", async () => {
      const part = (id: string, began: number, more: Partial<CallPart> = {}): CallPart => ({
        ...ownCall,
        id: `${interaction}-${id}`,
        call: interaction,
        agent: brand(`history-of-${interaction}`),
        began,
        ...more,
      });
      const end = { at: 9_000, outcome: "answered", transferredTo: null } as const;
      const open = part("open", 3_000);
      await store.saveCallPart(open);
      expect(await store.openCallParts()).toEqual([open]);
      const parts = [open, part("2", 2_000), part("1", 1_000), part("0", 0)].map((p) => ({ ...p, end }));
      for (const one of parts.toReversed()) await store.saveCallPart(one);
      await store.saveCallPart(part("bo", 1_500, { agent: brand("bo"), end }));
      expect(await store.openCallParts()).toEqual([]);
      const mine = (from: number, to: number, limit = 10) => store.callParts(open.agent, { from, to, limit });
      expect(await mine(1_000, 4_000)).toEqual(parts.slice(0, 3));
      expect(await mine(0, 3_000, 2)).toEqual(parts.slice(1, 3));
    });

    it("[DF-10] gives back an agent's parts of calls, the newest first, and loses none that began at the same time", async () => {
      const agentOf = brand<AgentId>(`ties-of-${interaction}`);
      const end = { at: 9, outcome: "answered", transferredTo: null } as const;
      const parts = ["c", "b", "a"].map((id) => ({
        ...ownCall,
        id: `${interaction}-${id}`,
        call: interaction,
        agent: agentOf,
        began: 5,
        end,
      }));
      for (const one of parts.toReversed()) await store.saveCallPart(one);
      expect(await store.callParts(agentOf, { from: 5, to: 6, limit: 10 })).toEqual(parts);
      expect(await store.callPartsIn(agentOf, [interaction])).toEqual(parts);
      expect([await store.callPartsIn(agentOf, []), await store.callPartsIn(brand("bo"), [interaction])]).toEqual([
        [],
        [],
      ]);
    });

    it("[DI-1] forgets what is older, so many at once, whole logs, and nothing that is open", async () => {
      const old = ["x", "y"].map((name) => brand<InteractionId>(`${interaction}-${name}`));
      for (const id of old) {
        await store.appendEvent(id, { seq: 1, event: { type: "mediaInForce", at: 1 } });
        await store.appendEvent(id, { seq: 2, event: { type: "mediaFailed", at: 2 } });
      }
      const later = Date.now() + 3_600_000;
      expect(await store.forget("logs", Date.now() - 3_600_000, 1_000)).toBe(0);
      expect(await store.events(old[0]!)).toHaveLength(2);
      for (let rest = 1; rest > 0;) rest = await store.forget("logs", later, 1);
      expect(await store.firstEvents(null, 10)).toEqual([]);
      expect(await store.events(old[1]!)).toEqual([]);

      const part = { ...ownCall, call: interaction, agent: brand<AgentId>(`old-${interaction}`) };
      const end = { at: 100, outcome: "answered", transferredTo: null } as const;
      await store.saveCallPart({ ...part, id: `${interaction}-ended`, end });
      await store.saveCallPart({ ...part, id: `${interaction}-open` });
      const submitted = { at: 100, reason: "resolved", note: "", by: "agent" } as const;
      await store.saveWrapUp({ ...openWrapUp(`${interaction}-done`, interaction), submitted });
      await store.saveWrapUp(openWrapUp(`${interaction}-open`, interaction));
      expect(await store.forget("history", 100, 1_000)).toBeGreaterThanOrEqual(0); // what other tests have left
      expect(await store.callPartsIn(part.agent, [interaction])).toHaveLength(1);
      expect(await store.forget("history", 101, 1_000)).toBe(2);
      expect(await store.callPartsIn(part.agent, [interaction])).toEqual([]);
      expect((await store.openCallParts()).map((p) => p.id)).toContain(`${interaction}-open`);
      expect((await store.wrapUpsOf(interaction)).map((w) => w.id)).toEqual([`${interaction}-open`]);
      for (const id of [`${interaction}-open`]) {
        await store.saveCallPart({ ...part, id, end });
        await store.saveWrapUp({ ...openWrapUp(id, interaction), submitted });
      }
    });

    it("answers many writers at once, each with its own", async () => {
      const ids = Array.from({ length: 50 }, (_, n) => brand<InteractionId>(`many-${n}`));
      await Promise.all(ids.map((id, at) => store.appendEvent(id, { seq: 1, event: { type: "mediaInForce", at } })));
      const logs = await Promise.all(ids.map((id) => store.events(id)));
      expect(logs.map(([first]) => first?.event.at)).toEqual(ids.map((_, n) => n));
    });
  });
}
