import { beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type AgentId } from "@legwork/shared/ids";
import type { AgentRecord, AuditEntry, SiteChange } from "@legwork/shared/store";
import { Administration } from "./administration.js";
import { LiveSite } from "./live-site.js";

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};
const agent = (id: string, role: AgentRecord["role"]): AgentRecord => ({
  id: brand<AgentId>(id),
  name: id,
  role,
  extension: null,
  disabled: false,
  passwordHash: "",
  phoneHa1: null,
});
const [chief, deputy] = [brand<AgentId>("chief"), brand<AgentId>("deputy")];

describe("the administration", () => {
  let site: LiveSite;
  let administration: Administration;
  let written: [SiteChange, AuditEntry][];
  let shown: SiteChange[];
  let storeIsBroken: boolean;

  beforeEach(() => {
    [written, shown, storeIsBroken] = [[], [], false];
    site = new LiveSite({
      agents: [agent("chief", "admin"), agent("deputy", "admin"), agent("eva", "agent")],
      queues: [],
      entryPoints: [],
      wrapUpReasons: [{ id: "resolved", label: "Resolved", labelNb: "Løst" }],
      idleReasons: [],
      experts: [],
      dialNumbers: [],
    });
    administration = new Administration({
      site,
      store: {
        change: async (change, entry) => {
          if (storeIsBroken) throw new Error("the disk is full");
          written.push([change, entry]);
        },
        auditLog: () => Promise.resolve([]),
        events: () => Promise.resolve([]),
        firstEvents: () => Promise.resolve([]),
      },
      clock: { now: () => 7, after: () => () => undefined },
      log: quiet,
      facts: { defaultReason: "resolved", country: "NO", trunkUsers: ["carrier"] },
      hashPassword: (password) => Promise.resolve(`hash of ${password}`),
      phoneHa1: (user, password) => ({ realm: "r", md5: `md5 of ${user}:${password}`, sha256: "" }),
      changed: (change) => void shown.push(change),
    });
  });

  it("[DI-1] stores a change with who made it before it shows, and a password only as what is kept of it", async () => {
    await administration.change(chief, "agents", "eva", { extension: "2001", password: "p", phonePassword: "q" });
    const [[change, entry]] = written as [[SiteChange, AuditEntry]];
    const kept = { passwordHash: "hash of p", phoneHa1: { md5: "md5 of 2001:q" } };
    expect(change).toMatchObject({ op: "put", kind: "agents", record: { id: "eva", name: "eva", ...kept } });
    expect(entry).toMatchObject({ at: 7, who: "chief", action: "changed", subject: "eva" });
    expect([site.agents[2], shown]).toMatchObject([kept, [change]]);
  });

  it("[DI-1] shows nothing that could not be stored, and goes on with the next change", async () => {
    storeIsBroken = true;
    const before = site.snapshot;
    await expect(administration.remove(chief, "agents", "eva")).rejects.toThrow("the disk is full");
    expect([site.snapshot, shown]).toEqual([before, []]);
    storeIsBroken = false;
    expect(await administration.remove(chief, "agents", "eva")).toEqual({ ok: true, value: null });
  });

  it("[DI-1] takes changes one after the other: of two administrators who remove each other one stays", async () => {
    const outcomes = await Promise.all([
      administration.remove(chief, "agents", "deputy"),
      administration.remove(deputy, "agents", "chief"),
    ]);
    expect(outcomes).toEqual([
      { ok: true, value: null },
      { ok: false, mistakes: "forbidden" },
    ]);
    expect(site.agents.map((a) => a.id)).toEqual(["chief", "eva"]);
  });
});
