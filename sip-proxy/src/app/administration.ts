import type { AdminKind, AdminView, AuditLogView, EventLogView, InteractionList, Mistake } from "@legwork/shared/api";
import { brand, type AgentId } from "@legwork/shared/ids";
import type { AgentRecord, Ha1, SiteChange, SiteData, SiteRecords, Store } from "@legwork/shared/store";
import { beginningOf } from "../domain/history-view.js";
import { changeSite, viewOf, type ChangeRequest } from "../domain/site-change.js";
import type { SiteFacts } from "../domain/site-rules.js";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";
import type { LiveSite } from "./live-site.js";

export interface AdministrationDeps {
  readonly site: LiveSite;
  readonly store: Pick<Store, "change" | "auditLog" | "events" | "firstEvents">;
  readonly clock: Clock;
  readonly log: Log;
  readonly facts: SiteFacts;
  hashPassword(password: string): Promise<string>;
  phoneHa1(extension: string, password: string): Ha1;
  /** It is stored, and `site` has it: the parts that run take it over. */
  changed(change: SiteChange, before: SiteData, by: AgentId): void;
}

/** What is sent for an agent: passwords in clear text, which go no further than this file. */
export interface SentAgent {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly role?: AgentRecord["role"] | undefined;
  readonly extension?: string | null | undefined;
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
  readonly phonePassword?: string | null | undefined;
  readonly phoneDigest?: Ha1["algorithm"] | undefined;
}

export type Administered<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] | "not-found" | "forbidden" };

/** DI-1: the site's data, changed while everything runs. One change at a time; each is stored with its audit entry before it shows. */
export class Administration {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: AdministrationDeps) {}

  /** May this agent use any of this now? */
  isOpenTo(agent: AgentId): boolean {
    return this.deps.site.agents.some((a) => a.id === agent && a.role === "admin" && !a.disabled);
  }

  list<K extends AdminKind>(kind: K): readonly AdminView<K>[] {
    return (this.deps.site[kind] as readonly SiteRecords[K][]).map((record) => viewOf(kind, record));
  }

  /** Rejects, and nothing has changed, when it cannot be stored. */
  add<K extends AdminKind>(by: AgentId, kind: K, sent: object): Promise<Administered<AdminView<K>>> {
    return this.#inTurn(by, async () => {
      const record = (kind === "agents" ? await this.#kept(sent, null) : sent) as SiteRecords[K];
      return this.#carryOut(by, kind, record.id, { op: "add", kind, record } as ChangeRequest);
    });
  }

  /** Like `add`; `sent` has the fields that are to be others. */
  change<K extends AdminKind>(by: AgentId, kind: K, id: string, sent: object): Promise<Administered<AdminView<K>>> {
    return this.#inTurn(by, async () => {
      const known = kind === "agents" ? this.deps.site.agents.find((a) => a.id === id) : undefined;
      const fields = known ? await this.#kept(sent, known) : sent;
      return this.#carryOut(by, kind, id, { op: "change", kind, id, fields } as ChangeRequest);
    });
  }

  remove(by: AgentId, kind: AdminKind, id: string): Promise<Administered<null>> {
    return this.#inTurn(by, async () => {
      const outcome = await this.#carryOut(by, kind, id, { op: "remove", kind, id });
      return outcome.ok ? { ok: true, value: null } : outcome;
    });
  }

  /** Newest first; `before`: older than the entry with this id. */
  async auditLog(before: number | null, limit: number): Promise<AuditLogView> {
    const entries = await this.deps.store.auditLog(before, limit);
    return {
      entries: entries.map((e) => ({
        ...e,
        at: new Date(e.at).toISOString(),
        before: e.before && { ...e.before },
        after: e.after && { ...e.after },
      })),
    };
  }

  /** Newest first; `before`: older than this one. */
  async interactions(before: string | null, limit: number): Promise<InteractionList> {
    const found = await this.deps.store.firstEvents(before === null ? null : brand(before), limit);
    return { interactions: found.map(({ event, interaction }) => ({ id: interaction, ...beginningOf(event) })) };
  }

  /** All that happened in an interaction; null when there is none. */
  async eventLog(interaction: string): Promise<EventLogView | null> {
    const events = await this.deps.store.events(brand(interaction));
    if (events.length === 0) return null;
    return {
      interaction,
      events: events.map(({ event, seq }) => {
        const { at, type, ...fields } = event;
        return { seq, at: new Date(at).toISOString(), type, event: fields };
      }),
    };
  }

  async #carryOut<K extends AdminKind>(
    by: AgentId,
    kind: K,
    id: string,
    request: ChangeRequest,
  ): Promise<Administered<AdminView<K>>> {
    const { site, store, clock, log, facts } = this.deps;
    const before = site.snapshot;
    const outcome = changeSite(before, request, facts);
    if (!outcome.ok) return outcome;
    await store.change(outcome.change, { at: clock.now(), who: by, ...outcome.audit });
    log.info({ by, kind, id, action: outcome.audit.action }, "site changed");
    site.replace(outcome.site);
    this.deps.changed(outcome.change, before, by);
    const record = (outcome.site[kind] as readonly SiteRecords[K][]).find((r) => r.id === id);
    return { ok: true, value: record && viewOf(kind, record) } as Administered<AdminView<K>>;
  }

  /** What is kept of what was sent for an agent: of passwords their hashes. */
  async #kept(sent: SentAgent, known: AgentRecord | null): Promise<Partial<AgentRecord>> {
    const { id, password, phonePassword, phoneDigest, ...fields } = sent;
    const extension = sent.extension === undefined ? known?.extension : sent.extension;
    const phoneHa1 = (): Ha1 | null => {
      const made = phonePassword ? this.deps.phoneHa1(extension ?? "", phonePassword) : null;
      const ha1 = phonePassword === undefined ? (known?.phoneHa1 ?? null) : made;
      const algorithm = phoneDigest ?? known?.phoneHa1?.algorithm;
      return ha1 && { ...ha1, ...(algorithm && { algorithm }) };
    };
    return {
      ...(fields as Partial<AgentRecord>),
      ...(id !== undefined && { id: brand<AgentId>(id) }),
      ...(password !== undefined && { passwordHash: await this.deps.hashPassword(password) }),
      ...((phonePassword !== undefined || (phoneDigest && known?.phoneHa1)) && { phoneHa1: phoneHa1() }),
    };
  }

  /** Whoever asks may have lost the right to by the time it is their turn. */
  #inTurn<T>(by: AgentId, work: () => Promise<Administered<T>>): Promise<Administered<T>> {
    const refused = { ok: false, mistakes: "forbidden" } as const;
    const done = this.#last.then(() => (this.isOpenTo(by) ? work() : refused));
    this.#last = done.catch(() => undefined);
    return done;
  }
}
