import { beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import type { AgentRecord, AuditEntry } from "@legwork/shared/store";
import type { Ids } from "../ports/ids.js";
import { Agents } from "./agents.js";
import { AuditLog } from "./audit-log.js";
import { Sessions } from "./sessions.js";

const kari = brand<AgentId>("kari");
const call = brand<InteractionId>("call");
const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};
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
    const clock = { now: () => 1, after: () => () => undefined };
    const store = {
      audit: async (entry: AuditEntry) => {
        if (storeIsBroken) throw new Error("the disk is full");
        entries.push(entry);
      },
    };
    agents = new Agents([record], {
      clock,
      log: quiet,
      hasOpenWrapUps: () => false,
      changed: (agent) => sessions.agentChanged(agent),
      left: () => undefined,
    });
    sessions = new Sessions({
      agents,
      audit: new AuditLog({ store, clock }),
      ids: { secret: () => `secret-${++secrets}` } as Ids,
      log: quiet,
      metrics: { signIn: () => undefined },
      verifyPassword: async (password, hash) => {
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
});
