import type { AdminKind, AdminView, Mistake } from "@legwork/shared/api";
import type { AgentId } from "@legwork/shared/ids";
import type { AgentRecord, AuditEntry, SiteChange, SiteData, SiteRecords } from "@legwork/shared/store";
import { NOT_READY } from "./agent-state.js";
import { siteMistakes, type SiteFacts, type SiteMistake } from "./site-rules.js";

/** What an administrator asks for; passwords as what is kept of them. */
export type ChangeRequest =
  | { readonly [K in AdminKind]: { readonly op: "add"; readonly kind: K; readonly record: SiteRecords[K] } }[AdminKind]
  | {
      readonly [K in AdminKind]: {
        readonly op: "change";
        readonly kind: K;
        readonly id: string;
        readonly fields: Partial<Omit<SiteRecords[K], "id">>;
      };
    }[AdminKind]
  | { readonly op: "remove"; readonly kind: AdminKind; readonly id: string };

/** What comes of it: the site from then on, what is to be written, and what the audit log says. */
export type ChangeOutcome =
  | {
      readonly ok: true;
      readonly site: SiteData;
      readonly change: SiteChange;
      readonly audit: Pick<AuditEntry, "action" | "kind" | "subject" | "before" | "after">;
    }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] | "not-found" };

type AnyRecord = SiteRecords[AdminKind];

/** DI-1, pure: a change that leaves the site in order, or all that speaks against it. */
export function changeSite(site: SiteData, request: ChangeRequest, facts: SiteFacts): ChangeOutcome {
  const { op, kind } = request;
  const id = op === "add" ? request.record.id : request.id;
  const before = (site[kind] as readonly AnyRecord[]).find((r) => r.id === id) ?? null;
  if (op === "add" ? before !== null : before === null)
    return {
      ok: false,
      mistakes: op === "add" ? [{ path: ["id"], message: `"${id}" is there already` }] : "not-found",
    };
  const after = op === "remove" ? null : op === "add" ? request.record : changed(kind, before, request.fields);
  const next = after ? withRecord(site, kind, after) : without(site, kind, id);
  const mistakes = [
    ...newMistakes(site, next, facts).map((m) => pathOf(m, next, kind, id)),
    ...(kind === "agents" ? agentMistakes(before as AgentRecord | null, after as AgentRecord | null, site, next) : []),
    ...(op === "remove" && kind === "idleReasons" && id === NOT_READY
      ? [{ path: ["id"], message: "agents begin the day with this reason" }]
      : []),
  ];
  if (mistakes.length > 0) return { ok: false, mistakes };
  const change = (after ? { op: "put", kind, record: after } : { op, kind, id }) as SiteChange;
  const action = op === "add" ? "added" : op === "change" ? "changed" : "removed";
  const queues = kind === "agents" && op === "remove" ? { queues: queuesOf(site, id) } : {};
  return {
    ok: true,
    site: next,
    change,
    audit: {
      action,
      kind,
      subject: id,
      before: before && { ...viewOf(kind, before), ...queues },
      after: after && { ...viewOf(kind, after), ...passwordsChanged(kind, before, after) },
    },
  };
}

/** What may be told of a thing: everything but passwords. */
export function viewOf<K extends AdminKind>(kind: K, record: SiteRecords[K]): AdminView<K> {
  if (kind !== "agents") return record as unknown as AdminView<K>;
  const { id, name, role, extension, disabled, phoneHa1 } = record as AgentRecord;
  const phone = { phonePassword: phoneHa1 !== null, phoneDigest: phoneHa1 && (phoneHa1.algorithm ?? "MD5") };
  return { id, name, role, extension, disabled, ...phone } as AdminView<K>;
}

/** A telephone without an extension has no password either. */
function changed(kind: AdminKind, before: AnyRecord | null, fields: object): AnyRecord {
  const after = { ...before, ...fields } as AnyRecord;
  const orphaned = kind === "agents" && (after as AgentRecord).extension === null && !("phoneHa1" in fields);
  return orphaned ? { ...(after as AgentRecord), phoneHa1: null } : after;
}

function withRecord(site: SiteData, kind: AdminKind, record: AnyRecord): SiteData {
  const list = site[kind] as readonly AnyRecord[];
  const known = list.some((r) => r.id === record.id);
  const next = known ? list.map((r) => (r.id === record.id ? record : r)) : [...list, record];
  return { ...site, [kind]: kind === "agents" || kind === "experts" ? next.sort(byName) : next };
}

const byName = (a: AnyRecord, b: AnyRecord): number =>
  "name" in a && "name" in b ? (a.name === b.name ? 0 : a.name < b.name ? -1 : 1) : 0;

/** An agent who goes leaves every queue. */
function without(site: SiteData, kind: AdminKind, id: string): SiteData {
  const next = { ...site, [kind]: (site[kind] as readonly AnyRecord[]).filter((r) => r.id !== id) };
  if (kind !== "agents") return next;
  const agent = id as AgentId;
  const left = (q: SiteRecords["queues"]) =>
    q.agents.includes(agent) ? { ...q, agents: q.agents.filter((a) => a !== agent) } : q;
  return { ...next, queues: next.queues.map(left) };
}

const queuesOf = (site: SiteData, agent: string): readonly string[] =>
  site.queues.filter((q) => q.agents.some((a) => a === agent)).map((q) => q.id);

/** What was wrong before does not stand in the way. */
function newMistakes(site: SiteData, next: SiteData, facts: SiteFacts): readonly SiteMistake[] {
  const text = (m: SiteMistake): string => `${m.kind} ${m.message}`;
  const known = new Set(siteMistakes(site, facts).map(text));
  return siteMistakes(next, facts).filter((m) => !known.has(text(m)));
}

/** Inside what was sent, or in whatever else the change would leave wrong: its kind, its id, and the place inside it. */
function pathOf({ kind, index, path, message }: SiteMistake, next: SiteData, sent: AdminKind, id: string): Mistake {
  const other = kind === "policy" ? null : next[kind][index]?.id;
  if (kind === sent && other === id) return { path: [...path], message };
  return { path: other == null ? [kind, ...path] : [kind, other, ...path], message };
}

function agentMistakes(
  before: AgentRecord | null,
  after: AgentRecord | null,
  site: SiteData,
  next: SiteData,
): Mistake[] {
  const mayAdminister = (s: SiteData): boolean => s.agents.some((a) => a.role === "admin" && !a.disabled);
  const path = after === null ? ["id"] : after.role === "admin" ? ["disabled"] : ["role"];
  return [
    ...(mayAdminister(site) && !mayAdminister(next) ? [{ path, message: "nobody would be left who may do this" }] : []),
    ...(after?.phoneHa1 && after.extension === null
      ? [{ path: ["phonePassword"], message: "there is no extension that it could be for" }]
      : []),
    // What is kept of the password is bound to the extension (RFC 7616 section 3.4.2).
    ...(after?.phoneHa1 &&
    after.extension !== null &&
    after.phoneHa1 === before?.phoneHa1 &&
    after.extension !== before.extension
      ? [{ path: ["phonePassword"], message: "give it again with the new extension, or null" }]
      : []),
  ];
}

/** That a password is another one, and nothing of it. */
function passwordsChanged(kind: AdminKind, before: AnyRecord | null, after: AnyRecord): object {
  if (kind !== "agents" || !before) return {};
  const [a, b] = [before as AgentRecord, after as AgentRecord];
  return {
    ...(a.passwordHash !== b.passwordHash && { passwordChanged: true }),
    ...(a.phoneHa1?.sha256 !== b.phoneHa1?.sha256 && { phonePasswordChanged: true }),
  };
}
