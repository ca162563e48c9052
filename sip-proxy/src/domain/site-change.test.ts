import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type EntryPointId, type QueueId } from "@legwork/shared/ids";
import type { AgentRecord, SiteData } from "@legwork/shared/store";
import { changeSite, viewOf, type ChangeOutcome, type ChangeRequest } from "./site-change.js";

const ha1 = (text: string) => ({ realm: "calls.test", md5: `md5 ${text}`, sha256: `sha256 ${text}` });
const agent = (id: string, more: Partial<AgentRecord> = {}): AgentRecord => ({
  id: brand<AgentId>(id),
  name: id,
  role: "agent",
  extension: null,
  disabled: false,
  passwordHash: `hash of ${id}`,
  phoneHa1: null,
  ...more,
});
const queue = (id: string, ...agents: string[]) => ({
  id: brand<QueueId>(id),
  name: id,
  agents: agents.map((a) => brand<AgentId>(a)),
});
const entryPoint = (id: string, number: string, to: string) => ({
  id: brand<EntryPointId>(id),
  name: id,
  number,
  queue: brand<QueueId>(to),
});
const reason = (id: string) => ({ id, label: id, labelNb: id });

const site: SiteData = {
  agents: [agent("anna", { role: "admin" }), agent("bo", { extension: "2001", phoneHa1: ha1("2001") })],
  queues: [queue("support", "anna", "bo"), queue("sales")],
  entryPoints: [entryPoint("line", "+4780010001", "support")],
  wrapUpReasons: [reason("resolved"), reason("complaint")],
  idleReasons: [reason("not-ready"), reason("break")],
  experts: [],
  dialNumbers: [],
};

const ask = (request: ChangeRequest, of: SiteData = site): ChangeOutcome =>
  changeSite(of, request, { defaultReason: "resolved", country: "NO", trunkUsers: ["carrier"] });
const mistakes = (request: ChangeRequest, of: SiteData = site) => {
  const outcome = ask(request, of);
  return outcome.ok ? [] : outcome.mistakes;
};
const done = (request: ChangeRequest, of: SiteData = site) => {
  const outcome = ask(request, of);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.mistakes));
  return outcome;
};
const changeBo = (fields: Partial<AgentRecord>): ChangeRequest => ({ op: "change", kind: "agents", id: "bo", fields });

describe("a change of the site", () => {
  it("[DI-1] adds, changes and removes, and leaves everything else as it is", () => {
    const added = done({ op: "add", kind: "agents", record: agent("aase") });
    expect(added.site.agents.map((a) => a.id)).toEqual(["aase", "anna", "bo"]); // by name
    expect(added.change).toEqual({ op: "put", kind: "agents", record: agent("aase") });
    const changed = done({ op: "change", kind: "queues", id: "sales", fields: { agents: [brand("bo")] } });
    expect(changed.site).toEqual({ ...site, queues: [site.queues[0], queue("sales", "bo")] });
    const removed = done({ op: "remove", kind: "queues", id: "sales" });
    expect([removed.site.queues, removed.change]).toEqual([
      [site.queues[0]],
      { op: "remove", kind: "queues", id: "sales" },
    ]);
    expect(site.queues).toHaveLength(2);
  });

  it("[DI-1] is written down with what was before and after, and without a password or a hash", () => {
    const { audit } = done(changeBo({ name: "Bo B", passwordHash: "new", phoneHa1: ha1("new") }));
    const shown = {
      id: "bo",
      name: "bo",
      role: "agent",
      extension: "2001",
      disabled: false,
      phonePassword: true,
      phoneDigest: "MD5",
    };
    expect(audit).toEqual({
      action: "changed",
      kind: "agents",
      subject: "bo",
      before: shown,
      after: { ...shown, name: "Bo B", passwordChanged: true, phonePasswordChanged: true },
    });
    expect(JSON.stringify(audit)).not.toMatch(/hash|md5|sha256/);
    expect(viewOf("agents", site.agents[1]!)).toEqual(shown);
  });

  it("[DI-1] takes an agent who is removed out of every queue, and says of which", () => {
    const outcome = done({ op: "remove", kind: "agents", id: "bo" });
    expect(outcome.site.queues).toEqual([queue("support", "anna"), queue("sales")]);
    expect(outcome.audit.before).toMatchObject({ id: "bo", queues: ["support"] });
  });

  it("[DI-1] is refused when there is no such thing, or already one", () => {
    expect(mistakes({ op: "remove", kind: "experts", id: "x" })).toBe("not-found");
    expect(mistakes({ op: "change", kind: "queues", id: "x", fields: {} })).toBe("not-found");
    expect(mistakes({ op: "add", kind: "queues", record: queue("sales") })).toEqual([
      { path: ["id"], message: '"sales" is there already' },
    ]);
  });

  it("[DI-1] is refused with every mistake and its place, in what was sent and in what refers to it", () => {
    expect(mistakes({ op: "add", kind: "queues", record: queue("new", "bo", "nobody", "bo", "none") })).toEqual([
      { path: ["agents", 1], message: 'no agent "nobody"' },
      { path: ["agents", 2], message: '"bo" is there twice' },
      { path: ["agents", 3], message: 'no agent "none"' },
    ]);
    expect(mistakes({ op: "add", kind: "entryPoints", record: entryPoint("two", "4780010001", "nowhere") })).toEqual([
      { path: ["number"], message: '"4780010001" is there already' },
      { path: ["queue"], message: 'no queue "nowhere"' },
    ]);
    expect(mistakes({ op: "remove", kind: "queues", id: "support" })).toEqual([
      { path: ["entryPoints", "line", "queue"], message: 'no queue "support"' },
    ]);
    expect(mistakes({ op: "remove", kind: "wrapUpReasons", id: "resolved" })).toEqual([
      { path: ["policy", "wrap-up.default"], message: "not one of wrapUpReasons" },
    ]);
    expect(mistakes({ op: "remove", kind: "idleReasons", id: "not-ready" })).toHaveLength(1);
    expect(mistakes({ op: "remove", kind: "idleReasons", id: "break" })).toEqual([]);
  });

  it.each<[string, ChangeRequest, string]>([
    ["removed", { op: "remove", kind: "agents", id: "anna" }, "id"],
    ["given another role", { op: "change", kind: "agents", id: "anna", fields: { role: "agent" } }, "role"],
    ["disabled", { op: "change", kind: "agents", id: "anna", fields: { disabled: true } }, "disabled"],
  ])("[DI-1] is refused when the last administrator would be %s", (_how, request, place) => {
    expect(mistakes(request)).toEqual([{ path: [place], message: "nobody would be left who may do this" }]);
    const two = done(changeBo({ role: "admin" })).site;
    expect(mistakes(request, two)).toEqual([]);
    const oneDisabled = done(changeBo({ role: "admin", disabled: true })).site;
    expect(mistakes(request, oneDisabled)).toHaveLength(1);
  });

  it("[DI-1] binds a telephone's password to its extension", () => {
    expect(mistakes(changeBo({ extension: "2002" }))).toMatchObject([{ path: ["phonePassword"] }]);
    expect(mistakes(changeBo({ extension: "2002", phoneHa1: ha1("2002") }))).toEqual([]);
    expect(mistakes(changeBo({ extension: "2002", phoneHa1: null }))).toEqual([]);
    expect(done(changeBo({ extension: null })).site.agents[1]).toMatchObject({ extension: null, phoneHa1: null });
    expect(mistakes(changeBo({ extension: null, phoneHa1: ha1("") }))).toMatchObject([{ path: ["phonePassword"] }]);
  });

  it("[DI-1] gives an extension to one agent only, and to none whose id it is", () => {
    const record = agent("cem", { extension: "2001" });
    expect(mistakes({ op: "add", kind: "agents", record })).toMatchObject([{ path: ["extension"] }]);
    expect(mistakes({ op: "add", kind: "agents", record: agent("2001") })).toMatchObject([
      { path: ["agents", "bo", "extension"] },
    ]);
  });

  it("[DI-1] [DN-4] keeps only numbers that can be called", () => {
    const taxi = (number: string): ChangeRequest => ({
      op: "add",
      kind: "dialNumbers",
      record: { id: "taxi", name: "Taxi", number },
    });
    for (const number of ["02323", "+4722334455", "22 33 44 55:12", "112", "2001"])
      expect(mistakes(taxi(number))).toEqual([]);
    expect(mistakes(taxi("12"))).toEqual([{ path: ["number"], message: '"12" cannot be called: too-short' }]);
    const expert = { id: "nina", name: "Nina", role: "", department: "", number: null };
    expect(mistakes({ op: "add", kind: "experts", record: expert })).toEqual([]);
    expect(mistakes({ op: "add", kind: "experts", record: { ...expert, number: "ring me" } })).toHaveLength(1);
  });

  it("is not held up by what was wrong before it", () => {
    const wrong: SiteData = { ...site, entryPoints: [...site.entryPoints, entryPoint("old", "+4780010001", "gone")] };
    expect(mistakes({ op: "add", kind: "queues", record: queue("new") }, wrong)).toEqual([]);
    expect(mistakes({ op: "add", kind: "queues", record: queue("gone") }, wrong)).toEqual([]);
  });
});
