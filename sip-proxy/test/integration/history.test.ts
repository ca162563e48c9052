// Agents' own calls over real HTTP, from real calls, over the death of the process.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { EventLogView, History, HistoryEntry, InteractionList } from "@legwork/shared/api";
import type { InteractionEvent } from "@legwork/shared/interaction";
import { decide } from "../../dist/domain/decide.js";
import type { InteractionState } from "../../dist/domain/interaction-state.js";
import { EVA, FINN, SipSide, type Phone } from "../support/sip-side.js";
import { sdp } from "../support/sip-peer.js";
import type { ApiClient } from "../support/proxy-process.js";

jest.setTimeout(120_000);

/** The site's, by default. */
const policy = {
  consultEnd: "end-interaction",
  consultReturn: "automatic",
  transferAccept: "automatic",
  seatLost: "queue",
} as const;

let side: SipSide;
let eva: Phone;
let finn: Phone;

beforeAll(async () => {
  side = await SipSide.start();
  eva = await side.phone(EVA, "eva");
}, 120_000);
afterAll(() => side.stop());

const history = async (api: ApiClient, query = ""): Promise<History> => (await api.get(`/api/history${query}`)).body;
const revision = async (api: ApiClient): Promise<number> => (await api.get("/api/desktop")).body.historyRevision;

/** The history once the desktop has said that it is another. */
async function after(api: ApiClient, known: number): Promise<readonly HistoryEntry[]> {
  while ((await revision(api)) === known);
  return (await history(api)).entries;
}

describe("the call history of an agent", () => {
  it("[DF-10] has nothing before the first call, and is open to nobody who is not signed in", async () => {
    expect(await history(eva.api)).toMatchObject({ entries: [], more: false });
    const stranger = await fetch(new URL("/api/history", side.url));
    expect(stranger.status).toBe(401);
    for (const query of ["?limit=0", "?limit=1000", "?from=yesterday", "?agent=finn"])
      expect((await eva.api.get(`/api/history${query}`)).status).toBe(400);
  });

  it("[DF-10] has a customer's call when it has ended, and the wrap-up when it is submitted", async () => {
    const before = await revision(eva.api);
    const { hangUp } = await side.call(eva);
    await hangUp();
    const [entry] = await after(eva.api, before);
    expect(entry).toMatchObject({
      direction: "in",
      role: "owner",
      other: { label: "+4799999999", callBack: { kind: "number", number: "+4799999999" } },
      queue: "Phones",
      entryPoint: "Line",
      outcome: "answered",
      consults: [],
      wrapUp: null,
    });
    const times = [entry!.began, entry!.answered!, entry!.ended].map((at) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const { wrapUps } = (await eva.api.get("/api/desktop")).body;
    const known = await revision(eva.api);
    await eva.api.post(`/api/wrap-ups/${wrapUps[0].id}`, { reason: "resolved", note: "All <b>well</b>." });
    expect((await after(eva.api, known))[0]?.wrapUp).toEqual({
      reason: "resolved",
      label: "Resolved",
      labelNb: "Løst",
      note: "All <b>well</b>.",
      by: "agent",
    });
  });

  it("[DF-10] [IN-1] has an internal call at both its ends, and nobody sees another's calls", async () => {
    finn = await side.phone(FINN, "finn");
    const [evas, finns] = [await revision(eva.api), await revision(finn.api)];
    await eva.api.post("/api/agent/state", { state: "available" });
    expect(await eva.api.post("/api/calls", { target: { kind: "agent", agent: "finn" } })).toMatchObject({
      status: 200,
    });
    const first = await eva.peer.request("INVITE");
    eva.peer.answer(first, "200 OK", ["Content-Type: application/sdp"], sdp(eva.peer.address));
    const second = await finn.peer.request("INVITE");
    finn.peer.answer(second, "486 Busy Here");
    eva.peer.answer(await eva.peer.request("BYE"), "200 OK");
    const common = { role: "internal", answered: null, queue: null, wrapUp: null };
    expect((await after(eva.api, evas))[0]).toMatchObject({
      ...common,
      direction: "out",
      other: { label: "Finn", callBack: { kind: "agent", agent: "finn" } },
      outcome: "busy",
    });
    expect(await after(finn.api, finns)).toMatchObject([
      { ...common, direction: "in", other: { callBack: { kind: "agent", agent: "eva" } }, outcome: "declined" },
    ]);
  });

  it("[DF-10] [CO-9] has a consult at both its ends: with whom, and about whom", async () => {
    const [evas, finns] = [await revision(eva.api), await revision(finn.api)];
    await finn.api.post("/api/agent/state", { state: "idle", reason: "not-ready" });
    await eva.api.post("/api/agent/state", { state: "available" });
    const { hangUp } = await side.call(eva);
    const { interaction } = (await eva.api.get("/api/desktop")).body;
    const commands = `/api/interactions/${interaction.id}/commands`;
    const consult = eva.api.post(commands, { type: "consult", target: { kind: "agent", agent: "finn" } });
    const invite = await finn.peer.request("INVITE");
    expect((await consult).status).toBe(200);
    finn.peer.answer(invite, "200 OK", ["Content-Type: application/sdp"], sdp(finn.peer.address));
    while ((await eva.api.get("/api/desktop")).body.interaction.consult?.stage !== "answered");
    expect((await eva.api.post(commands, { type: "back-to-customer" })).status).toBe(200);
    finn.peer.answer(await finn.peer.request("BYE"), "200 OK");
    const customer = { label: "+4799999999", callBack: { kind: "number", number: "+4799999999" } };
    expect((await after(finn.api, finns))[0]).toMatchObject({
      call: interaction.id,
      role: "consulted",
      other: { callBack: { kind: "agent", agent: "eva" } },
      about: customer,
      outcome: "answered",
      wrapUp: null,
    });
    await hangUp();
    const [entry] = await after(eva.api, evas);
    expect(entry).toMatchObject({ role: "owner", other: customer, outcome: "answered" });
    expect(entry!.consults).toMatchObject([
      {
        with: { label: "Finn", callBack: { kind: "agent", agent: "finn" } },
        kind: "agent",
        answered: expect.any(String),
        conference: false,
      },
    ]);
    await side.settle(eva.api);
  });

  it("[DF-10] comes in pages, and of other days when asked", async () => {
    const whole = (await history(eva.api)).entries;
    expect(whole).toHaveLength(3);
    const page = await history(eva.api, "?limit=1");
    expect(page).toMatchObject({ entries: [whole[0]], more: true });
    expect(await history(eva.api, `?limit=1&to=${page.entries[0]!.began}`)).toMatchObject({
      entries: [whole[1]],
      more: true,
    });
    const yesterday = new Date(Date.parse(page.from) - 86_400_000).toISOString();
    expect((await history(eva.api, `?from=${yesterday}&to=${page.from}`)).entries).toEqual([]);
  });

  it("[DF-10] [DI-1] goes back to an event log that replays to the end, which administrators may read and nobody else", async () => {
    const chief = await side.desk("chief");
    const { interactions } = (await chief.get("/api/admin/interactions")).body as InteractionList;
    const inbound = { direction: "in", customer: { number: "+4799999999" } };
    expect(interactions).toMatchObject([inbound, inbound]);
    const log = (await chief.get(`/api/admin/interactions/${interactions[0]!.id}/events`)).body as EventLogView;
    expect(log.events.map(({ seq }) => seq)).toEqual(log.events.map((_, n) => n + 1));
    const states = log.events.reduce<(InteractionState | null)[]>((known, { at, event, type }) => {
      const told = { ...event, type, at: Date.parse(at) } as unknown as InteractionEvent;
      return [...known, decide(known.at(-1) ?? null, told, policy).state];
    }, []);
    expect(new Set(states.map((s) => s?.phase))).toEqual(
      new Set(["waiting", "offered", "connected", "consulting", "ended"]),
    );
    expect(states.at(-1)).toEqual({ phase: "ended" });
    const [entry] = (await history(eva.api)).entries.filter(({ call }) => call === interactions[0]!.id);
    expect([log.events[0]!.at <= entry!.began, log.events.at(-1)!.at >= entry!.ended]).toEqual([true, true]);
    expect((await chief.get("/api/admin/interactions/i-unknown/events")).status).toBe(404);
    expect((await chief.get("/api/admin/interactions?limit=0")).status).toBe(400);
    for (const path of ["", `/${interactions[0]!.id}/events`])
      expect((await eva.api.get(`/api/admin/interactions${path}`)).status).toBe(403);
  });

  it("[DF-10] survives kill -9, with the call that ran then", async () => {
    const known = (await history(eva.api)).entries;
    await eva.api.post("/api/agent/state", { state: "available" });
    await finn.api.post("/api/agent/state", { state: "idle", reason: "not-ready" });
    await side.call(eva);
    await side.restart();
    const again = await side.phone(EVA, "eva", eva.peer);
    const [newest, ...rest] = (await history(again.api)).entries;
    expect(newest).toMatchObject({ outcome: "interrupted", answered: expect.any(String), wrapUp: null });
    expect(rest).toEqual(known);
  });
});
