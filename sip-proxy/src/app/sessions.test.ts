import { beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import type { AgentRecord, AuditEntry } from "@legwork/shared/store";
import { Guesses } from "../adapters/srf/guesses.js";
import { ManualClock } from "../ports/clock.test-support.js";
import type { Ids } from "../ports/ids.js";
import { silentLog } from "../ports/log.test-support.js";
import { Agents } from "./agents.js";
import { AuditLog } from "./audit-log.js";
import { AGE_MS, IDLE_MS } from "./session-times.js";
import { Sessions } from "./sessions.js";

const kari = brand<AgentId>("kari");
const call = brand<InteractionId>("call");
const record: AgentRecord = {
  id: kari,
  name: "Kari",
  role: "agent",
  extension: "2001",
  disabled: false,
  passwordHash: "hash of right",
  phoneHa1: null,
};

describe("sessions", () => {
  let clock: ManualClock;
  /** Passwords that were looked at. */
  let looked: number;
  let agents: Agents;
  let sessions: Sessions;
  let ended: string[];
  let entries: AuditEntry[];
  let storeIsBroken: boolean;
  /** Runs while the password is being looked at. */
  let meanwhile: () => void;

  beforeEach(() => {
    [ended, entries, storeIsBroken, meanwhile] = [[], [], false, () => undefined];
    let secrets = 0;
    clock = new ManualClock(1_000_000);
    looked = 0;
    const store = {
      audit: async (entry: AuditEntry) => {
        if (storeIsBroken) throw new Error("the disk is full");
        entries.push(entry);
      },
    };
    agents = new Agents([record], {
      clock,
      log: silentLog,
      hasOpenWrapUps: () => false,
      changed: (agent) => sessions.agentChanged(agent),
      left: () => undefined,
    });
    sessions = new Sessions({
      clock,
      guesses: new Guesses(clock),
      agents,
      audit: new AuditLog({ store, clock }),
      ids: { secret: () => `secret-${++secrets}` } as Ids,
      log: silentLog,
      metrics: { signIn: () => undefined },
      verifyPassword: async (password, hash) => {
        looked++;
        meanwhile();
        return hash === `hash of ${password}`;
      },
      ended: (_session, why) => void ended.push(why),
    });
  });

  const signIn = (password = "right", more: object = {}) =>
    sessions.signIn({
      agent: "kari",
      password,
      station: { kind: "browser" },
      takeOver: false,
      address: "192.0.2.1",
      ...more,
    });

  it("[DI-1] are in the audit log from the sign-in to the sign-out, and so is every one that failed", async () => {
    await signIn("wrong");
    await signIn("right", { agent: "nobody" });
    await signIn("right", { station: { kind: "extension", extension: "2002" } });
    const outcome = await signIn();
    await signIn();
    if (outcome.ok) await sessions.signOut(outcome.session);
    const told = entries.map((e) => [e.action, e.who, e.subject, (e.after as { why?: string } | null)?.why]);
    expect(told).toEqual([
      ["sign-in-failed", null, "kari", "bad-credentials"],
      ["sign-in-failed", null, "", "bad-credentials"],
      ["sign-in-failed", null, "kari", "no-station"],
      ["signed-in", "kari", "kari", undefined],
      ["sign-in-failed", null, "kari", "already-signed-in"],
      ["signed-out", "kari", "kari", undefined],
    ]);
  });

  it("[DI-1] do not begin when the audit log cannot be written", async () => {
    storeIsBroken = true;
    await expect(signIn()).rejects.toThrow("the disk is full");
    expect([sessions.of(kari), agents.get(kari)?.state.kind]).toEqual([undefined, "offline"]);
  });

  it("[DI-1] do not begin with a password that was replaced, or for who was removed, while it was looked at", async () => {
    meanwhile = () => agents.put({ ...record, passwordHash: "hash of another" });
    expect(await signIn()).toEqual({ ok: false, why: "bad-credentials" });
    agents.put(record);
    meanwhile = () => agents.remove(kari);
    expect(await signIn()).toEqual({ ok: false, why: "bad-credentials" });
  });

  it("[DI-1] end at once when withdrawn, or when the call that is up has ended", async () => {
    const first = await signIn();
    sessions.withdraw(kari, "disabled");
    expect([ended, sessions.of(kari), agents.get(kari)?.state.kind]).toEqual([["disabled"], undefined, "offline"]);
    expect(first.ok && sessions.endOf(first.session.token)).toBe("disabled");
    expect(sessions.endOf("a guess")).toBeUndefined();
    await signIn();
    agents.setReachable(kari, true);
    agents.reserve(kari, "consult", call);
    sessions.withdraw(kari, "password-changed");
    agents.engage(kari, call);
    expect(sessions.of(kari)).toBeDefined();
    agents.release(kari, call, "consulted");
    expect([ended, sessions.of(kari)]).toEqual([["disabled", "password-changed"], undefined]);
    expect(entries.at(-1)).toMatchObject({ action: "signed-out", who: null, subject: "kari" });
  });

  it("[DI-1] know the agent's role of now", async () => {
    const outcome = await signIn();
    sessions.recordChanged({ ...record, role: "admin" });
    expect(outcome.ok && sessions.get(outcome.session.token)?.agent.role).toBe("admin");
  });

  it("move to where the agent signs in with takeOver, and the former one cannot end the new one", async () => {
    const [first, second] = [await signIn(), await signIn("right", { takeOver: true })];
    if (!first.ok || !second.ok) throw new Error("refused");
    expect([ended, sessions.get(first.session.token)]).toEqual([["taken-over"], undefined]);
    await sessions.signOut(first.session);
    expect([sessions.of(kari), entries.at(-1)?.action]).toEqual([second.session, "signed-in"]);
  });

  const refusals = async (count: number, more: object, password = "wrong") => {
    const outcomes = await Promise.all(Array.from({ length: count }, () => signIn(password, more)));
    return outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.why));
  };

  it("[SG-6] look at no more guesses than at a telephone, also when they come all at once", async () => {
    const guesses = await refusals(100, {});
    expect(guesses.filter((why) => why === "bad-credentials")).toHaveLength(5);
    expect([looked, entries.length]).toEqual([5, 5]); // nobody fills the audit log with what was not looked at
    expect(await signIn()).toEqual({ ok: false, why: "too-many-requests", waitMs: 1_000 });
    await clock.advance(1_000);
    expect((await signIn()).ok).toBe(true);
  });

  it("[SG-6] lock nobody out for what somebody else behind the same address did", async () => {
    await signIn();
    for (let n = 0; n < 60; n++) await signIn("wrong", { agent: `guess-${n}` });
    expect((await signIn("right", { agent: "guess-61" })).ok).toBe(false);
    expect(looked).toBe(21);
    expect((await signIn("right", { takeOver: true })).ok).toBe(true); // signed in from there before
    expect((await signIn("right", { takeOver: true, address: "192.0.2.2" })).ok).toBe(true);
  });

  it("[SG-6] count a wrong password also when the audit log cannot be written", async () => {
    storeIsBroken = true;
    for (let n = 0; n < 5; n++) await expect(signIn("wrong")).rejects.toThrow("the disk is full");
    expect(await signIn("wrong")).toMatchObject({ why: "too-many-requests" });
  });

  it("[AG-2] end when nothing was heard from the page for long, and the page is told why", async () => {
    const outcome = await signIn();
    if (!outcome.ok) throw new Error("refused");
    const stop = sessions.watch();
    await clock.advance(IDLE_MS - 60_000);
    sessions.heard(outcome.session);
    const closed = sessions.opened(outcome.session);
    await clock.advance(2 * IDLE_MS);
    closed();
    await clock.advance(IDLE_MS - 60_000);
    agents.setReachable(kari, true); // the desk phone
    await clock.advance(IDLE_MS - 60_000);
    expect(sessions.of(kari)).toBe(outcome.session);
    await clock.advance(120_000);
    expect([ended, sessions.endOf(outcome.session.token)]).toEqual([["idle"], "idle"]);
    expect(entries.at(-1)).toMatchObject({ action: "signed-out", who: null });
    stop();
    expect(clock.timers).toBe(0);
  });

  it("[AG-2] end a week after the sign-in, and never during a call", async () => {
    const outcome = await signIn();
    if (!outcome.ok) throw new Error("refused");
    sessions.watch();
    sessions.opened(outcome.session);
    agents.setReachable(kari, true);
    agents.reserve(kari, "consult", call);
    agents.engage(kari, call);
    await clock.advance(AGE_MS + 3_600_000);
    expect(sessions.of(kari)).toBe(outcome.session);
    agents.release(kari, call, "consulted");
    expect([ended, sessions.of(kari)]).toEqual([["expired"], undefined]);
  });
});
